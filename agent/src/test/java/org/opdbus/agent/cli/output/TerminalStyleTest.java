// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalStyleTest {
    @Test
    void no_color_turns_colors_off_unless_it_is_empty() {
        assertThat(TerminalStyle.wantsColors(Map.of("TERM", "xterm"))).isTrue();
        assertThat(TerminalStyle.wantsColors(Map.of("NO_COLOR", ""))).isTrue();
        assertThat(TerminalStyle.wantsColors(Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(TerminalStyle.wantsColors(Map.of("TERM", "dumb"))).isFalse();
    }
}
