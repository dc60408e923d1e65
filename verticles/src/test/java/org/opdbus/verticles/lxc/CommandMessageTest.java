// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.lxc.CommandMessage.Answer;

/** The bytes are those that strace showed of lxc-info and its monitor, LXC 5.0.2 on x86-64. */
class CommandMessageTest {
    @Test
    void the_request_is_that_of_lxc_info() {
        assertThat(CommandMessage.request(CommandMessage.GET_INIT_PID))
                .isEqualTo(bytes("04000000 00000000 0000000000000000"));
    }

    @Test
    void the_answer_holds_the_pid_in_the_pointer() {
        assertThat(CommandMessage.answer(ByteBuffer.wrap(bytes("00000000 00000000 4301000000000000"))))
                .isEqualTo(new Answer(0, 0x143));
    }

    @Test
    void a_refusal_is_a_negative_errno() {
        assertThat(CommandMessage.answer(ByteBuffer.wrap(bytes("ffffffff 00000000 0000000000000000"))))
                .isEqualTo(new Answer(-1, 0));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
