// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CapturePathTest {
    private static final String TOKEN = "0123456789abcdef0123";

    @Test
    void the_first_part_of_a_path_can_be_the_token() {
        assertThat(CapturePath.of("/mobyshark")).contains(new CapturePath(false, Optional.empty()));
        assertThat(CapturePath.of("/discover/mobyshark")).contains(new CapturePath(false, Optional.empty()));
        assertThat(CapturePath.of("/" + TOKEN + "/discover/mobyshark"))
                .contains(new CapturePath(false, Optional.of(TOKEN)));
        assertThat(CapturePath.of("/" + TOKEN + "/capture")).contains(new CapturePath(true, Optional.of(TOKEN)));
        assertThat(CapturePath.of("/a/b/capture")).isEmpty();
        assertThat(CapturePath.of("/metrics")).isEmpty();
        assertThat(CapturePath.of("/" + TOKEN + "/capture").toString()).doesNotContain(TOKEN);
    }
}
