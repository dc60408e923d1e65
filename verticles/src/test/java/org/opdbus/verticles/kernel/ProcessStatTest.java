// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProcessStatTest {
    private static final String AFTER_PARENT = " 4100 4100 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 771 2990080 435";

    @Test
    void a_name_with_parentheses_spaces_and_line_feeds_does_not_move_the_fields() {
        assertThat(ProcessStat.parse("4200 (a) Z 1\n) S 4100" + AFTER_PARENT + "\n"))
                .contains(new ProcessStat("S", 4100, "771"));
    }

    @Test
    void an_ended_process_that_was_not_waited_for_is_not_alive() {
        assertThat(ProcessStat.parse("4200 (sh) Z 4100" + AFTER_PARENT)
                        .orElseThrow()
                        .isAlive())
                .isFalse();
    }

    @Test
    void a_line_without_a_name_or_with_too_few_fields_is_nothing() {
        assertThat(ProcessStat.parse("")).isEmpty();
        assertThat(ProcessStat.parse("4200 (sh)")).isEmpty();
        assertThat(ProcessStat.parse("4200 (sh) S 4100 4100")).isEmpty();
        assertThat(ProcessStat.parse("4200 (sh) S x" + AFTER_PARENT)).isEmpty();
    }

    @Test
    void this_process_is_alive_and_has_the_parent_that_java_names() {
        ProcessStat ours = ProcessStat.of(ProcessHandle.current().pid()).orElseThrow();
        assertThat(ours.isAlive()).isTrue();
        assertThat(Optional.of(ours.parent()))
                .isEqualTo(ProcessHandle.current().parent().map(ProcessHandle::pid));
        assertThat(ProcessStat.of(Integer.MAX_VALUE)).isEmpty();
    }
}
