// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EditDistanceTest {
    @ParameterizedTest
    @CsvSource({
        "bridge, bridge, 0",
        "bridge, BRIDGE, 0",
        "bridge, brigde, 1",
        "bridge, bride, 1",
        "bridge, bridges, 1",
        "bridge, fridge, 1",
        "dir, '', 3",
        "kitten, sitting, 3",
    })
    void every_slip_counts_once(String one, String other, int distance) {
        assertThat(EditDistance.between(one, other)).isEqualTo(distance);
        assertThat(EditDistance.between(other, one)).isEqualTo(distance);
    }
}
