// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the way back on the real kernel and Open vSwitch: from every point of a move the host gets back what it had. */
class WayBackIT {
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
        Map<String, String> before = host.settled();
        for (int done : points) {
            String id = "m" + done;
            host.carryOut(moves, id, creates, done);

            assertThat(moves.takeBack(id, "point " + done)).as("after " + done).isEqualTo(MoveState.REVERTED);

            host.requireAsBefore(before, done);
            host.requireReachable();
            assertThat(moves.takeBack(id, "again")).isEqualTo(MoveState.REVERTED);
            host.requireAsBefore(before, done);
        }
    }
}
