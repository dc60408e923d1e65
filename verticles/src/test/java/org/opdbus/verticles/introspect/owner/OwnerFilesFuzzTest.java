// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.opdbus.verticles.files.InterfacesText;
import org.opdbus.verticles.files.KeyValues;

/** Any bytes in the files of the programs that own links are read, or say nothing. */
final class OwnerFilesFuzzTest {
    @FuzzTest
    void interfaces(byte[] bytes) {
        InterfacesText text = InterfacesText.parse(text(bytes));
        long lines = text(bytes).lines().count();
        assertThat(text.stanzas())
                .hasSizeLessThanOrEqualTo(InterfacesText.STANZAS_MAX)
                .allSatisfy(stanza -> {
                    assertThat(stanza.line()).isBetween(1, (int) lines);
                    assertThat(stanza.link()).doesNotContainPattern("\\s").isNotEmpty();
                });
        assertThat(text.includes()).hasSizeLessThanOrEqualTo(InterfacesText.INCLUDES_MAX);
    }

    @FuzzTest
    void texts(byte[] bytes) {
        String text = text(bytes);
        assertThat(KeyValues.parse(text)).doesNotContainKey("");
        assertThat(IfupdownReader.logicalNames(text)).doesNotContainKey("");
        assertThat(NetplanFiles.defines(text, "")).isFalse();
        assertThat(ResolverReader.byMark(text)).isNotNull();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
