// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Accepted;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Permanent;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Retryable;

class JoinOutputTest {
    @Test
    void a_registration_is_known_by_its_line() {
        assertThat(classify(
                        0, "[netclient] 2026-01-01 00:00:00 setting host fields \nregistered with server nm.test\n"))
                .isEqualTo(new Accepted("nm.test"));
    }

    @Test
    void an_exit_code_of_0_proves_nothing_and_the_path_with_the_token_is_not_shown() {
        JoinOutcome outcome = classify(
                0,
                "[netclient] 2026-01-01 00:00:00 registration failed Post \"https://api.x/api/v1/host/register/SECRET\":"
                        + " dial tcp: lookup api.x: no such host \n");

        assertThat(outcome)
                .isEqualTo(new Retryable("the server cannot be reached: dial tcp: lookup api.x: no such host", ""));
    }

    @Test
    void a_reply_of_a_proxy_may_be_better_next_time() {
        assertThat(classify(0, "[netclient] x registration failed httpclient: json error \n"))
                .isInstanceOf(Retryable.class);
    }

    @Test
    void a_key_that_is_gone_or_used_up_is_not_tried_again() {
        assertThat(refusal("400 no enrollmentkey found")).isInstanceOf(Permanent.class);
        assertThat(refusal("400 invalid enrollment key"))
                .isInstanceOfSatisfying(
                        Permanent.class,
                        permanent -> assertThat(permanent.message()).contains("expired or is used up"));
        assertThat(refusal("403 access blocked: this device doesn’t meet security requirements"))
                .isInstanceOf(Permanent.class);
        assertThat(refusal("500 database is locked")).isInstanceOf(Retryable.class);
    }

    @Test
    void a_container_without_WireGuard_is_told_what_to_add() {
        JoinOutcome outcome = JoinOutput.classify(new CommandResult(
                1,
                "",
                "{\"msg\":\"failed to create interface, is wireguard installed?\",\"error\":\"WireGuard not detected\"}",
                false,
                false));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Retryable.class,
                        retryable -> assertThat(retryable.remedy()).contains("lxc.mount.entry = /dev/net/tun"));
    }

    @Test
    void silence_is_no_success() {
        assertThat(classify(0, "")).isInstanceOf(Retryable.class);
        assertThat(JoinOutput.classify(new CommandResult(-1, "", "", false, true)))
                .isEqualTo(new Retryable("netclient hung and was ended", ""));
    }

    private static JoinOutcome refusal(String said) {
        return classify(2, "[netclient] Fatal: error registering with server code: " + said + " \n");
    }

    private static JoinOutcome classify(int exit, String stdout) {
        return JoinOutput.classify(new CommandResult(exit, stdout, "", false, false));
    }
}
