// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any content of the file that marks a container's folder is a mark, which is written as it was read, or none. */
final class CreationMarkFuzzTest {
    @FuzzTest
    void mark(byte[] bytes) {
        CreationMark.parse(new String(bytes, StandardCharsets.UTF_8)).ifPresent(mark -> {
            assertThat(mark.pid()).isPositive();
            assertThat(CreationMark.parse(new String(mark.text(), StandardCharsets.UTF_8)))
                    .contains(mark);
        });
    }
}
