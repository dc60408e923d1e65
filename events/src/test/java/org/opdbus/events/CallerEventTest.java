// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.events.CallerEvent.ChangeRequested;

class CallerEventTest {
    @Test
    void a_requested_change_names_what_changes_and_who_asked() {
        ChangeRequested change = new ChangeRequested(
                "org.opdbus.Container1.Stop", "web", 1000, 4711, "busctl", "session-1.scope", ":1.7");

        assertThat(change.kind()).isEqualTo("change.requested");
        assertThat(change.subject()).isEqualTo("web");
        assertThat(change.recorded()).isTrue();
        assertThat(change.data())
                .isEqualTo(Map.of(
                        "operation", "org.opdbus.Container1.Stop",
                        "target", "web",
                        "uid", 1000L,
                        "pid", 4711L,
                        "process", "busctl",
                        "unit", "session-1.scope",
                        "busName", ":1.7"));
    }

    @Test
    void an_operation_without_a_target_is_its_own_subject() {
        assertThat(change("").subject()).isEqualTo("org.opdbus.Manager1.Reload");
        assertThatThrownBy(() -> new ChangeRequested("", "", 0, 1, "", "", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void long_text_is_cut_and_no_character_is_halved() {
        String half = "x".repeat(255) + "\uD83D\uDE00";
        ChangeRequested change = new ChangeRequested("o".repeat(300), half, 0, 1, "p".repeat(65), half, half);

        assertThat(change.operation()).hasSize(256);
        assertThat(change.target()).isEqualTo("x".repeat(255) + "?");
        assertThat(change.process()).hasSize(64);
        assertThat(change.unit()).hasSize(256);
        assertThat(change.busName()).hasSize(256);
    }

    @Test
    void control_characters_stay_as_they_are() {
        assertThat(change("a\u001b[2J\nb").target()).isEqualTo("a\u001b[2J\nb");
    }

    private static ChangeRequested change(String target) {
        return new ChangeRequested("org.opdbus.Manager1.Reload", target, 0, 1, "gdbus", "", ":1.1");
    }
}
