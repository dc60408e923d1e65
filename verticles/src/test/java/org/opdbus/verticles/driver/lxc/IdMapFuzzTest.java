// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any content of subuid(5) and subgid(5) gives a range that is large enough, or none. */
final class IdMapFuzzTest {
    @FuzzTest
    void ranges(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        IdMap.rangeIn(text.lines().toList()).ifPresent(range -> {
            assertThat(range.first()).isNotNegative();
            assertThat(range.count()).isGreaterThanOrEqualTo(65_536);
            assertThat(new IdMap(range, range).lines()).allMatch(line -> line.matches("[ug] 0 [0-9]+ 65536"));
        });
    }
}
