// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.UplinkEvent;
import org.opdbus.events.UplinkEvent.UplinkConfirmed;
import org.opdbus.events.UplinkEvent.UplinkReverted;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.uplink.UplinkVerticle;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.wayback.MoveState;
import org.opdbus.verticles.uplink.wayback.PendingMove;

/**
 * The process that makes a move is killed before and after every step. The next one takes the way back, or, if all steps were done,
 * goes on to wait for the confirmation. In the end the host is as before or moved, never between, and each end is told once.
 */
class KilledMoveIT {
    @TempDir
    Path state;

    private UplinkLab lab;
    private final List<UplinkEvent> facts = new CopyOnWriteArrayList<>();

    @BeforeEach
    void makeHost() {
        lab = new UplinkLab(1500);
        // A new bridge gets the datapath that the host's bridges have.
        lab.ovs.addBridge("other0");
        RouterSide.ip("addr", "add", "192.0.2.1/24", "dev", RouterSide.LINK);
        RouterSide.ip("addr", "add", "2001:db8::1/64", "dev", RouterSide.LINK, "nodad");
        Links.batch(List.of(
                "addr add 192.0.2.10/24 brd + dev up0",
                "addr add 2001:db8::10/64 dev up0 nodad",
                "route add default via 192.0.2.1 metric 100",
                "route add default via 2001:db8::1 metric 512",
                "rule add from 192.0.2.10 table 100 priority 1000",
                "route add default via 192.0.2.1 dev up0 table 100"));
        UplinkLab.awaitAddresses(UplinkLab.UPLINK);
    }

    @AfterEach
    void removeHost() {
        lab.close();
    }

    private MoveRoom room() {
        return new MoveRoom(state, lab.ovs.socket(), lab.ovs.databaseFile());
    }

    @Test
    void a_move_that_was_killed_before_or_after_any_step_is_taken_back() throws Exception {
        Set<String> before = UplinkLab.described(UplinkLab.UPLINK);
        int steps;
        try (MoveRoom room = room()) {
            steps = room.plan(MoveRoom.request(Duration.ofMinutes(2)))
                    .blockingGet()
                    .steps()
                    .size();
        }
        assertThat(steps).isGreaterThan(4);
        for (int step = 0; step < steps; step++) {
            for (String boundary : List.of("before " + step, "after " + step)) {
                MoveRoom.moveAndDie(state, lab, boundary);
                requireTakenBack(boundary, before);
            }
        }
    }

    private void requireTakenBack(String boundary, Set<String> before) {
        facts.clear();
        try (MoveRoom room = room()) {
            room.deploy(facts::add);
            eventually(() -> assertThat(facts)
                    .as(boundary)
                    .hasOnlyElementsOfTypes(UplinkReverted.class)
                    .hasSize(1));
            assertThat(room.folder.pending()).as(boundary).isEmpty();
        }
        eventually(() ->
                assertThat(UplinkLab.described(UplinkLab.UPLINK)).as(boundary).containsExactlyElementsOf(before));
        assertThat(lab.ovs.vsctl("list-br")).as(boundary).doesNotContain(UplinkLab.BRIDGE);
    }

    @Test
    void a_move_whose_process_was_killed_while_it_waited_is_watched_by_the_next_and_can_be_confirmed()
            throws Exception {
        Set<String> before = UplinkLab.described(UplinkLab.UPLINK);
        MoveRoom.moveAndDie(state, lab, "moved");
        try (MoveRoom room = room()) {
            UplinkVerticle verticle = room.deploy(facts::add);
            eventually(() -> assertThat(room.folder.pending())
                    .get()
                    .extracting(move -> move.holder().name())
                    .isEqualTo("the test"));
            assertThat(room.folder.pending())
                    .get()
                    .extracting(PendingMove::state)
                    .isEqualTo(MoveState.MOVED);

            assertThat(verticle.confirm(moved -> "a connection").blockingGet().cause())
                    .isEqualTo("a connection");

            eventually(() -> assertThat(facts).singleElement().isInstanceOf(UplinkConfirmed.class));
            assertThat(UplinkLab.described(UplinkLab.BRIDGE)).containsAll(before);
        }
    }

    @Test
    void a_second_move_is_refused_and_a_gateway_that_falls_silent_takes_the_way_back() throws Exception {
        Set<String> before = UplinkLab.described(UplinkLab.UPLINK);
        try (MoveRoom room = room()) {
            UplinkVerticle verticle = room.deploy(facts::add);
            assertThat(verticle.move(MoveRoom.request(Duration.ofMinutes(10)), line -> {})
                            .blockingGet()
                            .state())
                    .isEqualTo(MoveState.MOVED);
            assertThatThrownBy(() -> verticle.move(MoveRoom.request(Duration.ofMinutes(10)), line -> {})
                            .blockingGet())
                    .isInstanceOf(UplinkRefusal.class)
                    .hasMessageContaining("the move of up0 that the test")
                    .hasMessageContaining("is not over");
            RouterSide.ip("link", "set", RouterSide.LINK, "down");

            eventually(() -> assertThat(facts).last().isInstanceOf(UplinkReverted.class));
            RouterSide.ip("link", "set", RouterSide.LINK, "up");
            assertThat(room.folder.ended())
                    .last()
                    .extracting(move -> move.cause())
                    .asString()
                    .contains("no answer");
        }
        eventually(() -> assertThat(lab.ovs.vsctl("list-br")).doesNotContain(UplinkLab.BRIDGE));
        assertThat(Links.ip("-br", "address", "show", "dev", UplinkLab.UPLINK)).contains("192.0.2.10/24");
        assertThat(before).isNotEmpty();
    }

    @Test
    void without_a_confirmation_the_alarm_takes_the_way_back() throws Exception {
        Set<String> before = UplinkLab.described(UplinkLab.UPLINK);
        try (MoveRoom room = room()) {
            UplinkVerticle verticle = room.deploy(facts::add);
            assertThat(verticle.move(MoveRoom.request(Duration.ofSeconds(10)), line -> {})
                            .blockingGet()
                            .state())
                    .isEqualTo(MoveState.MOVED);

            eventually(() -> assertThat(facts).last().isInstanceOf(UplinkReverted.class));
        }
        eventually(() -> assertThat(UplinkLab.described(UplinkLab.UPLINK)).containsExactlyElementsOf(before));
    }
}
