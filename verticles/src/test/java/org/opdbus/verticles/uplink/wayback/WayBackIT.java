// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

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

    @Test
    void a_port_that_a_move_off_the_bridge_removed_gets_its_vlans_back() throws Exception {
        host.addOldBridge();
        host.ovs.vsctl("add-port", WayBackHost.BRIDGE, WayBackHost.LINK, "tag=42", "vlan_mode=native-tagged");
        host.ovs.vsctl("set", "port", WayBackHost.LINK, "trunks=42,43");
        String vlans = "\"tag\":42,\"trunks\":[\"set\",[42,43]],\"vlan_mode\":\"native-tagged\"";
        MoveRequest request = new MoveRequest(
                Direction.BACK, WayBackHost.LINK, WayBackHost.BRIDGE, Duration.ofMinutes(10), List.of(), false);
        List<Step> steps = List.of(new Step.DetachLink(WayBackHost.LINK, WayBackHost.BRIDGE, Optional.of(vlans)));
        moves.begin(
                new UplinkPlan("m1", request, "none", steps, List.of()),
                MoveHolder.ofThisProcess("the test"),
                Instant.now());
        moves.step("m1", 0, () -> host.ovs.vsctl("del-port", WayBackHost.LINK));

        assertThat(moves.takeBack("m1", "a test")).isEqualTo(MoveState.REVERTED);

        assertThat(host.ovs.vsctl("--columns=tag,trunks,vlan_mode", "--format=csv", "list", "port", WayBackHost.LINK))
                .contains("42,\"[42, 43]\",native-tagged");
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
