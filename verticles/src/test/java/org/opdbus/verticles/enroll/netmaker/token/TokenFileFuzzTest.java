// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Any file of tokens has names with values, or is refused with the number of the line and none of its text. */
final class TokenFileFuzzTest {
    @FuzzTest
    void file(byte[] bytes) {
        try {
            assertThat(TokenFile.parse(Path.of("netmaker.env"), new String(bytes, StandardCharsets.ISO_8859_1)))
                    .allSatisfy((name, value) -> {
                        assertThat(name).matches("[A-Za-z_][A-Za-z0-9_]*");
                        assertThat(value).isNotNull();
                    });
        } catch (NetmakerException refused) {
            assertThat(refused.getMessage()).matches("line [0-9]+ of netmaker\\.env (is not|has a quote) .*");
        }
    }
}
