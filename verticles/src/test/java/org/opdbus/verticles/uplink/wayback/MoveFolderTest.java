// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/** The folder of moves, with the real alarm of a host without systemd. */
class MoveFolderTest {
    private static final MoveHolder HOLDER = MoveHolder.ofThisProcess("the test");

    @TempDir
    Path state;

    private final ProcessAlarm alarm = new ProcessAlarm();

    @AfterEach
    void end_the_alarm() {
        folder().pending().ifPresent(move -> folder().takeBack(move.id(), "the test is over"));
    }

    @Test
    void a_confirmed_move_goes_through_its_states_and_is_remembered() {
        MoveFolder folder = folder();
        folder.begin(plan("m1"), HOLDER, Instant.now());
        assertThat(folder.pending()).hasValueSatisfying(move -> {
            assertThat(move.state()).isEqualTo(MoveState.PLANNED);
            assertThat(move.holder()).isEqualTo(HOLDER);
            assertThat(move.plan()).isEqualTo(plan("m1"));
            assertThat(move.alarm().isArmed()).isTrue();
        });

        List<String> done = new ArrayList<>();
        folder.step("m1", 0, () -> done.add("step"));
        assertThat(done).containsExactly("step");
        assertThat(folder.pending().orElseThrow().steps()).containsExactly(StepState.DONE);
        folder.moved("m1");
        assertThat(folder.pending().orElseThrow().state()).isEqualTo(MoveState.MOVED);

        EndedMove ended = folder.confirm("m1", "root");
        assertThat(ended.state()).isEqualTo(MoveState.CONFIRMED);
        assertThat(ended.cause()).isEqualTo("root");
        assertThat(folder.pending()).isEmpty();
        assertThat(folder.ended()).containsExactly(ended);
        assertThat(folder.confirmed("eth0")).contains(plan("m1"));
        folder.recorded("m1");
        assertThat(folder.ended().get(0).isRecorded()).isTrue();
    }

    @Test
    void a_move_that_is_taken_back_is_over_and_stops_the_mover() {
        MoveFolder folder = folder();
        folder.begin(plan("m1"), HOLDER, Instant.now());

        assertThat(folder.takeBack("m1", "the gateway is silent")).isEqualTo(MoveState.REVERTED);

        assertThat(folder.pending()).isEmpty();
        assertThat(folder.ended().get(0).cause()).isEqualTo("the gateway is silent");
        assertThatThrownBy(() -> folder.step("m1", 0, () -> {})).isInstanceOf(WayBackBegun.class);
    }

    @Test
    void a_move_that_the_script_took_back_by_itself_is_among_the_ended_ones_until_it_is_recorded() throws Exception {
        MoveFolder folder = folder();
        folder.begin(plan("m1"), HOLDER, Instant.now());
        Path script = state.resolve("uplink/move/undo.sh");
        assertThat(new ProcessBuilder("sh", script.toString(), "timeout")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();

        assertThat(folder.ended()).singleElement().satisfies(move -> {
            assertThat(move.state()).isEqualTo(MoveState.REVERTED);
            assertThat(move.cause()).isEqualTo("timeout");
            assertThat(move.isRecorded()).isFalse();
        });
        folder.recorded("m1");

        assertThat(folder.pending()).isEmpty();
        assertThat(folder.ended().get(0).isRecorded()).isTrue();
        folder.begin(plan("m2"), HOLDER, Instant.now());
    }

    @Test
    void a_second_move_is_refused_with_the_holder_of_the_first() {
        MoveFolder folder = folder();
        folder.begin(plan("m1"), HOLDER, Instant.now());

        assertThatThrownBy(() -> folder.begin(plan("m2"), HOLDER, Instant.now()))
                .isInstanceOf(UplinkRefusal.class)
                .hasMessageContaining("m1")
                .hasMessageContaining("the test (process " + HOLDER.pid() + ")")
                .hasMessageContaining("uplink revert");
    }

    private MoveFolder folder() {
        SwitchPlaces places = new SwitchPlaces(state.resolve("db.sock"), state.resolve("conf.db"));
        return new MoveFolder(state, places, alarm, Clock.systemUTC());
    }

    private static UplinkPlan plan(String id) {
        MoveRequest request = new MoveRequest(Direction.ONTO, "eth0", "vmbr0", Duration.ofMinutes(5), List.of(), true);
        Step step = new Step.PrepareBridge("vmbr0", true, "", "02:00:00:00:00:01", Optional.empty(), 1500);
        return new UplinkPlan(id, request, "ifupdown", List.of(step), List.of());
    }
}
