// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessOriginTest {
    @ParameterizedTest
    @CsvSource({
        "0::/system.slice/cron.service, cron.service",
        "0::/system.slice/system-getty.slice/getty@tty1.service, getty@tty1.service",
        "0::/user.slice/user-1000.slice/session-3.scope, session-3.scope",
        "0::/init.scope, init.scope",
        "0::/system.slice/_tasks.service, tasks.service",
        // What follows the slash is a unit of the user's manager, or a group to which a user gave such a name.
        "0::/user.slice/user-1000.slice/user@1000.service/app.slice/vte.scope, user@1000.service/vte.scope",
        "0::/user.slice/user-1000.slice/user@1000.service/ssh.service/x, user@1000.service/ssh.service",
        "0::/system.slice/op.service/a/b, op.service",
        "0::/, ''",
        "0::/user.slice, ''",
        "0::/lxc.payload.web/system.slice/ssh.service, ''",
        "0::/../system.slice/ssh.service, ''",
        "0::/system.slice/cron.service (deleted), ''",
        "12:pids:/system.slice/cron.service, ''",
        "no such line, ''",
    })
    void the_unit_is_the_one_that_the_system_manager_made(String groups, String unit) {
        assertThat(ProcessOrigin.unit(groups + "\n")).isEqualTo(unit);
    }

    @Test
    void the_first_version_of_control_groups_has_it_in_systemds_own_hierarchy() {
        assertThat(ProcessOrigin.unit("""
                        3:cpu,cpuacct:/somewhere/else.service
                        1:name=systemd:/system.slice/cron.service
                        0::/
                        """)).isEqualTo("cron.service");
        assertThat(ProcessOrigin.unit("1:name=systemd:/\n0::/system.slice/cron.service\n"))
                .isEqualTo("cron.service");
    }

    @Test
    void a_process_is_read_only_if_it_is_of_the_user() {
        long own = ProcessHandle.current().pid();

        assertThat(ProcessOrigin.of(own, 0).process()).isEqualTo("java");
        assertThat(ProcessOrigin.of(own, 65_533)).isEqualTo(ProcessOrigin.UNKNOWN);
        assertThat(ProcessOrigin.of(Integer.MAX_VALUE, 0)).isEqualTo(ProcessOrigin.UNKNOWN);
    }

    @Test
    void any_of_the_user_ids_of_a_process_will_do() {
        String status = "Name:\tUid:\t7\nUmask:\t0022\nUid:\t1000\t0\t0\t0\nGid:\t5\t5\t5\t5\n";

        assertThat(ProcessOrigin.isOf(1000, status)).isTrue();
        assertThat(ProcessOrigin.isOf(0, status)).isTrue();
        assertThat(ProcessOrigin.isOf(5, status)).isFalse();
        assertThat(ProcessOrigin.isOf(7, status)).isFalse();
    }
}
