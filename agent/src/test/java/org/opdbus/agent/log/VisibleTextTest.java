// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void what_is_plain_stays_as_it_is() {
        for (String text : new String[] {"", "web-1", "größer 容器 🐳", "{\"a\": \"\\\\u001b\"}", "a\\b"}) {
            assertThat(VisibleText.line(text)).isSameAs(text);
            assertThat(VisibleText.lines(text)).isSameAs(text);
        }
    }

    @Test
    void what_a_terminal_would_obey_becomes_an_escape() {
        assertThat(VisibleText.line("a\u001b[2J\u009b\u007f\u0000b")).isEqualTo("a\\u001b[2J\\u009b\\u007f\\u0000b");
        assertThat(VisibleText.line("\u202e\u2066\u200b\ufeff\u2028\u2029"))
                .isEqualTo("\\u202e\\u2066\\u200b\\ufeff\\u2028\\u2029");
        assertThat(VisibleText.line("\ue000\ud800 \udb40\udc41")).isEqualTo("\\ue000\\ud800 \\udb40\\udc41");
    }

    @Test
    void only_lines_of_the_program_itself_keep_their_breaks() {
        assertThat(VisibleText.line("a\tb\r\nc")).isEqualTo("a\\u0009b\\u000d\\nc");
        assertThat(VisibleText.lines("a\tb\r\nc")).isEqualTo("a\tb\\u000d\nc");
    }

    @Test
    void every_character_is_either_shown_or_escaped_and_no_escape_is_escaped_again() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String line = VisibleText.line("a" + Character.toString(c) + "b");
            assertThat(line.codePoints().allMatch(VisibleText::isVisible))
                    .as("U+%04x", c)
                    .isTrue();
            assertThat(VisibleText.line(line)).isSameAs(line);
        }
    }
}
