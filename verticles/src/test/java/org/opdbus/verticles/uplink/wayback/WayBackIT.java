// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.WayBackHost.Deed;

/** The script of the way back on the real kernel and Open vSwitch: from every point of a move the host gets back what it had. */
class WayBackIT {
    private static final MoveHolder HOLDER = MoveHolder.ofThisProcess("the test");

    @TempDir
    Path folder;

    private WayBackHost host;
    private MoveFolder moves;

    @BeforeEach
    void make_the_host() throws IOException {
        host = new WayBackHost(folder);
        SwitchPlaces places = new SwitchPlaces(host.ovs.socket(), host.ovs.databaseFile());
        moves = new MoveFolder(folder, places, new ProcessAlarm(), Clock.systemUTC());
    }

    @AfterEach
    void remove_the_host() {
        host.close();
    }

    @Test
    void a_move_onto_a_new_bridge_is_taken_back_from_every_point() throws Exception {
        int count = host.deeds(host.plan("any", true), true).size();
        takenBack(true, IntStream.rangeClosed(0, count).boxed().toList());
    }

    @Test
    void a_bridge_of_another_program_is_left_with_its_own_settings_and_ports() throws Exception {
        host.addOldBridge();
        takenBack(false, List.of(0, 2, 9, 11));
    }

    private void takenBack(boolean creates, List<Integer> points) throws Exception {
        Map<String, String> before = settled();
        for (int done : points) {
            String id = "m" + done;
            carryOut(id, creates, done);

            assertThat(moves.takeBack(id, "point " + done)).as("after " + done).isEqualTo(MoveState.REVERTED);

            requireAsBefore(before, done);
            host.requireReachable();
            assertThat(moves.takeBack(id, "again")).isEqualTo(MoveState.REVERTED);
            requireAsBefore(before, done);
        }
    }

    /** Carries out so many commands of a move; the journal has the beginning of the step of the next one, too. */
    private void carryOut(String id, boolean creates, int count) throws IOException {
        UplinkPlan plan = host.plan(id, creates);
        moves.begin(plan, HOLDER, Instant.now());
        List<Deed> deeds = host.deeds(plan, creates);
        for (int step = 0; step < plan.steps().size(); step++) {
            int number = step;
            List<Deed> all =
                    deeds.stream().filter(deed -> deed.step() == number).toList();
            List<Deed> now =
                    deeds.subList(0, count).stream().filter(all::contains).toList();
            if (now.isEmpty()) {
                return;
            }
            try {
                moves.step(id, number, () -> {
                    now.forEach(deed -> deed.command().run());
                    if (now.size() < all.size()) {
                        throw new HalfDone();
                    }
                });
            } catch (HalfDone half) {
                return;
            }
        }
    }

    private static final class HalfDone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The kernel first tests a new link-local address. */
    private Map<String, String> settled() throws IOException {
        return eventually(() -> {
            Map<String, String> seen = host.snapshot();
            assertThat(seen.get("addresses")).contains("fe80:");
            assertThat(Links.ip("-6", "addr", "show", "tentative")).isEmpty();
            return seen;
        });
    }

    private void requireAsBefore(Map<String, String> before, int done) {
        eventually(() -> {
            Map<String, String> now = host.snapshot();
            assertThat(now.keySet()).isEqualTo(before.keySet());
            now.forEach(
                    (what, text) -> assertThat(text).as(what + " after " + done).isEqualTo(before.get(what)));
        });
    }
}
