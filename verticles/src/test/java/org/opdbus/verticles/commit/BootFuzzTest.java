// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.commit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any content of {@code /proc/stat} has a time of the boot or none. */
final class BootFuzzTest {
    @FuzzTest
    void stat(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(Boot.timeIn(text.lines().toList())).isNotNull();
    }
}
