// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Port;
import org.opdbus.events.UplinkEvent;
import org.opdbus.events.UplinkEvent.UplinkContested;
import org.opdbus.events.UplinkEvent.UplinkMarked;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

class UplinkMarksTest {
    private static final UplinkPlan MOVE = new UplinkPlan(
            "m1",
            new MoveRequest(Direction.ONTO, "eth0", "vmbr0", Duration.ofMinutes(2), List.of(), true),
            "ifupdown2",
            List.of(),
            List.of());

    private final List<UplinkEvent> told = new ArrayList<>();
    private long now;
    private final UplinkMarks marks = new UplinkMarks("h1", () -> now, told::add);

    private static Port port(String name, String bridge, Map<String, String> externalIds) {
        return new Port(
                "00000000-0000-0000-0000-000000000001",
                name,
                bridge,
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                externalIds,
                "",
                1,
                Optional.empty());
    }

    @Test
    void a_mark_that_is_gone_is_written_again_and_nothing_else() {
        String operations = marks.restored(port("eth0", "vmbr0", Map.of("theirs", "1")), MOVE)
                .orElseThrow()
                .encode();
        assertThat(operations)
                .contains("[\"op-dbus:uplink\",\"m1\"]", "[\"op-dbus:uplink-host\",\"h1\"]")
                .doesNotContain("theirs");
        assertThat(told).containsExactly(new UplinkMarked("eth0", "vmbr0", "m1", 1));
    }

    @Test
    void a_port_with_its_mark_and_a_port_of_another_bridge_stay_as_they_are() {
        assertThat(marks.restored(port("eth0", "vmbr0", Map.of(UplinkMarks.MOVE, "m1")), MOVE))
                .isEmpty();
        assertThat(marks.restored(port("eth0", "other", Map.of()), MOVE)).isEmpty();
        assertThat(marks.restored(port("eth1", "vmbr0", Map.of()), MOVE)).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void a_fight_ends_with_a_fact_and_is_taken_up_again_after_ten_minutes() {
        Port bare = port("eth0", "vmbr0", Map.of());
        for (int round = 1; round <= UplinkMarks.ROUNDS_MAX; round++) {
            assertThat(marks.restored(bare, MOVE)).isPresent();
        }
        assertThat(marks.restored(bare, MOVE)).isEmpty();
        assertThat(told.get(told.size() - 1)).isInstanceOf(UplinkContested.class);
        now += Duration.ofMinutes(9).toNanos();
        assertThat(marks.restored(bare, MOVE)).isEmpty();
        assertThat(told).hasSize(UplinkMarks.ROUNDS_MAX + 1);
        now += Duration.ofMinutes(2).toNanos();
        assertThat(marks.restored(bare, MOVE)).isPresent();
    }

    @Test
    void an_ifreload_now_and_then_is_no_fight() {
        Port bare = port("eth0", "vmbr0", Map.of());
        for (int reload = 0; reload < 10; reload++) {
            assertThat(marks.restored(bare, MOVE)).isPresent();
            now += Duration.ofSeconds(61).toNanos();
        }
        assertThat(told).hasOnlyElementsOfType(UplinkMarked.class);
    }
}
