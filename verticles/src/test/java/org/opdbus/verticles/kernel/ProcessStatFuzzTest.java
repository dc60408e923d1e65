// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text of {@code /proc/PID/stat}, which holds a name that the process chooses. */
final class ProcessStatFuzzTest {
    @FuzzTest
    void stat(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        ProcessStat.parse(text).ifPresent(stat -> {
            assertThat(stat.parent()).isNotNegative();
            assertThat(stat.started()).matches("[0-9]{1,20}");
            assertThat(text).contains(stat.state(), stat.started());
        });
    }
}
