// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.lxc.CommandMessage.Answer;
import org.opdbus.verticles.lxc.CommandMessage.State;

/** The bytes are those that strace showed of lxc-info, lxc-wait and their monitors, LXC 5.0.2 on x86-64. */
class CommandMessageTest {
    @Test
    void requests_are_those_of_lxc_info() {
        assertThat(CommandMessage.request(CommandMessage.GET_STATE))
                .isEqualTo(bytes("03000000 00000000 0000000000000000"));
        assertThat(CommandMessage.request(CommandMessage.GET_INIT_PID))
                .isEqualTo(bytes("04000000 00000000 0000000000000000"));
    }

    @Test
    void a_state_client_is_added_with_one_number_for_each_state() {
        assertThat(CommandMessage.addStateClient(EnumSet.of(State.STOPPED, State.STOPPING)))
                .isEqualTo(bytes("0a000000 20000000 0000000000000000"
                        + "01000000 00000000 00000000 01000000 00000000 00000000 00000000 00000000"));
    }

    @Test
    void answers_hold_a_state_or_a_pid_in_the_pointer() {
        Answer running = CommandMessage.answer(ByteBuffer.wrap(bytes("00000000 00000000 0200000000000000")));
        assertThat(CommandMessage.state(running.value())).isEqualTo(State.RUNNING);
        assertThat(CommandMessage.answer(ByteBuffer.wrap(bytes("00000000 00000000 4301000000000000"))))
                .isEqualTo(new Answer(0, 0x143));
    }

    @Test
    void a_state_client_is_registered_when_none_of_its_states_holds() {
        Answer registered = CommandMessage.answer(ByteBuffer.wrap(bytes("08000000 00000000 0800000000000000")));
        Answer already = CommandMessage.answer(ByteBuffer.wrap(bytes("02000000 00000000 0200000000000000")));
        assertThat(CommandMessage.isRegistered(registered)).isTrue();
        assertThat(CommandMessage.isRegistered(already)).isFalse();
    }

    @Test
    void a_state_message_ends_with_the_state() {
        ByteBuffer message =
                ByteBuffer.allocate(CommandMessage.STATE_MESSAGE_BYTES).order(ByteOrder.nativeOrder());
        message.putInt(0).put((byte) 't').put((byte) '1').putInt(260, 3);
        assertThat(CommandMessage.announced(message.rewind())).isEqualTo(State.STOPPING);
    }

    @Test
    void a_frozen_container_is_up_and_a_stopping_one_is_not() {
        assertThat(State.FROZEN.isUp()).isTrue();
        assertThat(State.STARTING.isUp()).isFalse();
        assertThat(State.STOPPING.isUp()).isFalse();
    }

    @Test
    void a_state_that_is_not_known_is_refused() {
        assertThatThrownBy(() -> CommandMessage.state(8)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
