// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.MoveJournal.Line;
import org.opdbus.verticles.uplink.wayback.PendingMove.AlarmState;
import org.opdbus.verticles.uplink.wayback.script.UndoScriptTest;

/** What a journal says of a move, and what follows from it. */
class MoveStoryTest {
    private static final Instant NOW = Instant.parse("2026-11-30T02:00:00Z");

    @TempDir
    Path folder;

    @Test
    void the_state_is_the_furthest_thing_that_happened() {
        assertThat(state("planned m1")).isEqualTo(MoveState.PLANNED);
        assertThat(state("planned m1", "begins 0")).isEqualTo(MoveState.MOVING);
        assertThat(state("begins 0", "done 0", "moved")).isEqualTo(MoveState.MOVED);
        assertThat(state("moved", "reverting timeout")).isEqualTo(MoveState.REVERTING);
        assertThat(state("reverting timeout", "unfinished the database is dead"))
                .isEqualTo(MoveState.STUCK);
        assertThat(state("reverting timeout", "unfinished x", "reverted")).isEqualTo(MoveState.REVERTED);
        // The alarm went off at the moment of the confirmation: the confirmation counts.
        assertThat(state("moved", "reverting timeout", "confirmed root")).isEqualTo(MoveState.CONFIRMED);
    }

    @Test
    void each_step_has_its_own_state() {
        assertThat(story("begins 0", "done 0", "begins 1", "undone 1").steps(3))
                .containsExactly(StepState.DONE, StepState.UNDONE, StepState.PLANNED);
    }

    @Test
    void a_torn_or_damaged_line_is_left_out_and_ended() throws IOException {
        Path file = Files.writeString(folder.resolve("journal"), "2026-11-30T02:00:00Z moved\nnonsense\n2026-11-3");
        MoveJournal journal = new MoveJournal(file);

        journal.append(MoveJournal.line(NOW, MoveStory.CONFIRMED, "two\nlines"));

        assertThat(journal.read()).extracting(Line::word).containsExactly("moved", "confirmed");
        assertThat(Files.readString(file)).endsWith("2026-11-3\n2026-11-30T02:00:00Z confirmed two lines\n");
    }

    @Test
    void a_program_that_starts_takes_over_takes_back_or_leaves_a_move() {
        assertThat(Recovery.of(move(MoveState.MOVED), false, NOW)).isEqualTo(Recovery.PROBE);
        assertThat(Recovery.of(move(MoveState.MOVED), true, NOW)).isEqualTo(Recovery.LEAVE);
        assertThat(Recovery.of(move(MoveState.MOVED), false, NOW.plusSeconds(60)))
                .isEqualTo(Recovery.TAKE_BACK);
        assertThat(Recovery.of(move(MoveState.MOVING), false, NOW)).isEqualTo(Recovery.TAKE_BACK);
        assertThat(Recovery.of(move(MoveState.PLANNED), false, NOW)).isEqualTo(Recovery.TAKE_BACK);
        assertThat(Recovery.of(move(MoveState.STUCK), true, NOW)).isEqualTo(Recovery.TAKE_BACK);
        assertThat(Recovery.of(move(MoveState.CONFIRMED), true, NOW)).isEqualTo(Recovery.SETTLE);
    }

    private static PendingMove move(MoveState state) {
        UplinkPlan plan = UndoScriptTest.plan("eth0");
        MoveHolder holder = new MoveHolder("op-dbus run", 1, "1");
        return new PendingMove(
                plan,
                holder,
                NOW,
                Optional.empty(),
                NOW.plusSeconds(60),
                state,
                List.of(),
                "",
                "",
                new AlarmState(true, "waits"));
    }

    @Test
    void a_plan_with_every_kind_of_step_is_read_as_it_was_written() throws IOException {
        UplinkPlan plain = UndoScriptTest.plan("eth0");
        List<Step> steps = new ArrayList<>(plain.steps());
        steps.add(new Step.WriteSettings(List.of(new Step.Setting("/proc/sys/net/a", "0", "1"))));
        steps.add(new Step.DetachLink("eth0", "vmbr0"));
        steps.add(new Step.RestoreBridge("vmbr0", true, "", "02:00:00:00:00:01", Optional.empty(), 1500));
        steps.add(new Step.Announce("vmbr0", "02:00:00:00:00:01", List.of()));
        steps.add(new Step.Probe("vmbr0", List.of(new ProbeTarget.Tcp("192.0.2.1", 443))));
        UplinkPlan plan = new UplinkPlan("m1", plain.request(), "ifupdown", steps, List.of("a note"));

        Path file = Files.write(folder.resolve("plan.json"), MoveStore.encode(plan));

        assertThat(MoveStore.plan(file)).contains(plan);
        Files.writeString(
                file, new JsonObject(Files.readString(file)).put("steps", 7).encode());
        assertThatThrownBy(() -> MoveStore.plan(file)).hasMessageContaining("is not a plan of a move");
        Files.writeString(file, "{\"id\":");
        assertThatThrownBy(() -> MoveStore.plan(file)).hasMessageContaining("is not a plan of a move");
    }

    private static MoveState state(String... lines) {
        return story(lines).state();
    }

    private static MoveStory story(String... lines) {
        return new MoveStory(List.of(lines).stream()
                .map(line -> Line.parse(NOW + " " + line).orElseThrow())
                .toList());
    }
}
