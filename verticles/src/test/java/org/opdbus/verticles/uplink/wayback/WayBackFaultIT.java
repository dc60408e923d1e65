// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/** The way back when a part of what it works with is dead, stopped, or full. */
class WayBackFaultIT {
    private static final int ALL = 14;
    private static final MoveHolder HOLDER = MoveHolder.ofThisProcess("the test");

    @TempDir
    Path folder;

    private WayBackHost host;
    private MoveFolder moves;
    private Map<String, String> before;

    @BeforeEach
    void make_the_host() throws IOException {
        host = new WayBackHost(folder);
        moves = folderOfMoves(folder);
        before = host.settled();
    }

    @AfterEach
    void remove_the_host() {
        moves.pending().ifPresent(move -> moves.takeBack(move.id(), "the test is over"));
        host.close();
    }

    private MoveFolder folderOfMoves(Path state) {
        SwitchPlaces places = new SwitchPlaces(host.ovs.socket(), host.ovs.databaseFile());
        return new MoveFolder(state, places, new ProcessAlarm(), Clock.systemUTC());
    }

    @Test
    void a_dead_switch_does_not_stop_the_way_back() throws Exception {
        host.carryOut(moves, "m1", true, ALL);
        host.ovs.killSwitch();

        assertThat(moves.takeBack("m1", "the switch is dead")).isEqualTo(MoveState.REVERTED);
        host.requireReachable();

        host.ovs.startSwitch();
        host.requireAsBefore(before, ALL);
    }

    @Test
    void without_both_daemons_the_file_of_the_database_is_changed() throws Exception {
        host.carryOut(moves, "m1", true, ALL);
        host.ovs.killSwitch();
        host.ovs.killDatabase();

        assertThat(moves.takeBack("m1", "Open vSwitch is dead")).isEqualTo(MoveState.REVERTED);
        host.requireReachable();

        host.ovs.start();
        host.requireAsBefore(before, ALL);
    }

    @Test
    void while_a_running_switch_cannot_be_told_the_host_is_reachable_and_the_rest_follows_later() throws Exception {
        host.carryOut(moves, "m1", true, ALL);
        host.requireReachable();
        host.ovs.killDatabase();

        assertThat(moves.takeBack("m1", "the database is dead")).isEqualTo(MoveState.STUCK);
        host.requireReachable();
        assertThat(moves.pending().orElseThrow().trouble()).contains("ovsdb-server does not answer");
        assertThat(host.file("interfaces")).hasContent("iface up0\n# \u00e9\n");

        host.ovs.startDatabase();
        eventually(() -> assertThat(moves.pending().orElseThrow().state()).isEqualTo(MoveState.REVERTED));
        moves.settle();
        host.requireAsBefore(before, ALL);
        host.requireReachable();
    }

    @Test
    void a_mover_that_is_stopped_in_a_step_does_not_stop_the_way_back() throws Exception {
        host.carryOut(moves, "m1", true, ALL);
        Path lock = folder.resolve("uplink/lock");
        Process mover = new ProcessBuilder("flock", lock.toString(), "sh", "-c", "echo held; exec sleep 1000").start();
        assertThat(mover.inputReader().readLine()).isEqualTo("held");
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(mover.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(moves.takeBack("m1", "the mover is stopped")).isEqualTo(MoveState.STUCK);
        host.requireAsBefore(before, ALL);
        host.requireReachable();

        mover.descendants().forEach(ProcessHandle::destroyForcibly);
        mover.destroyForcibly().waitFor();
        eventually(() -> assertThat(moves.pending().orElseThrow().state()).isEqualTo(MoveState.REVERTED));
        moves.settle();
        host.requireAsBefore(before, ALL);
    }

    @Test
    void without_a_confirmation_the_alarm_takes_the_way_back() throws Exception {
        UplinkPlan plan = host.plan("m1", true);
        MoveRequest request = plan.request();
        MoveRequest soon = new MoveRequest(
                request.direction(), request.link(), request.bridge(), Duration.ofSeconds(3), request.targets(), true);
        host.carryOut(moves, new UplinkPlan(plan.id(), soon, plan.manager(), plan.steps(), plan.notes()), ALL);

        eventually(() -> assertThat(moves.pending().orElseThrow().state()).isEqualTo(MoveState.REVERTED));
        assertThat(moves.pending().orElseThrow().cause()).isEqualTo(Alarm.NOT_CONFIRMED);
        host.requireAsBefore(before, ALL);
    }

    @Test
    void a_killed_alarm_is_told() throws Exception {
        host.carryOut(moves, "m1", true, 0);
        PendingMove move = moves.pending().orElseThrow();
        assertThat(move.alarm().isArmed()).isTrue();
        String pid = move.alarm().text().replaceAll("[^0-9]", "");
        ProcessHandle alarm = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        alarm.descendants().forEach(ProcessHandle::destroyForcibly);
        alarm.destroyForcibly();

        eventually(() ->
                assertThat(moves.pending().orElseThrow().alarm().isArmed()).isFalse());
        assertThat(moves.pending().orElseThrow().alarm().text()).contains("has ended");
    }

    @Test
    void a_full_disk_refuses_a_move_and_does_not_stop_a_way_back() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", disk.toString());
        try {
            MoveFolder small = folderOfMoves(disk);
            Path filling = disk.resolve("filling");
            Files.write(filling, new byte[100 << 10]);
            assertThatThrownBy(() -> small.begin(host.plan("m0", true), HOLDER, Instant.now()))
                    .isInstanceOf(UplinkRefusal.class)
                    .hasMessageContaining("the way back cannot be put on disk")
                    .hasMessageContaining("nothing was changed");
            assertThat(small.pending()).isEmpty();
            assertThat(disk.resolve("uplink/new")).doesNotExist();
            Files.delete(filling);

            host.carryOut(small, "m1", true, ALL);
            run("sh", "-c", "cat /dev/zero >'" + filling + "' 2>/dev/null || :");
            assertThat(small.takeBack("m1", "the disk is full")).isEqualTo(MoveState.REVERTED);
            host.requireAsBefore(before, ALL);
        } finally {
            run("umount", disk.toString());
        }
    }

    @Test
    void at_boot_files_and_rows_are_put_back_before_open_vswitch_runs() throws Exception {
        host.carryOut(moves, "m1", true, ALL);
        host.ovs.killSwitch();
        host.ovs.killDatabase();
        Links.delete(WayBackHost.BRIDGE);

        run("sh", folder.resolve("uplink/move/undo.sh").toString(), "boot");

        assertThat(moves.pending().orElseThrow().state()).isEqualTo(MoveState.REVERTED);
        assertThat(moves.pending().orElseThrow().cause()).contains("started anew");
        host.ovs.start();
        requireRowsAndFilesAsBefore();
    }

    @Test
    void at_boot_a_record_that_the_cut_of_the_power_tore_does_not_stop_the_way_back() throws Exception {
        host.carryOut(moves, "m1", true, ALL);
        host.ovs.killSwitch();
        host.ovs.killDatabase();
        Links.delete(WayBackHost.BRIDGE);
        String torn = "OVSDB JSON 180 0123456789012345678901234567890123456789\n{\"Interface\":";
        Files.writeString(host.ovs.databaseFile(), torn, StandardOpenOption.APPEND);

        run("sh", folder.resolve("uplink/move/undo.sh").toString(), "boot");

        assertThat(moves.pending().orElseThrow().state()).isEqualTo(MoveState.REVERTED);
        host.ovs.start();
        requireRowsAndFilesAsBefore();
    }

    private void requireRowsAndFilesAsBefore() throws IOException {
        Map<String, String> now = host.snapshot();
        for (String what : new String[] {"bridges", "ports", "interfaces", "file interfaces", "file dropped"}) {
            assertThat(now.get(what)).as(what).isEqualTo(before.get(what));
        }
        assertThat(now).doesNotContainKey("file added");
    }

    @Test
    void a_file_that_another_hand_changed_stays_and_the_copy_is_named() throws Exception {
        host.carryOut(moves, "m1", true, ALL);
        Files.writeString(host.file("interfaces"), "mine\n");

        assertThat(moves.takeBack("m1", "a test")).isEqualTo(MoveState.REVERTED);

        assertThat(host.file("interfaces")).hasContent("mine\n");
        Path copy = folder.resolve("uplink/ended/m1/kept/0.before");
        assertThat(moves.ended().get(0).left()).singleElement().asString().contains(copy.toString());
        assertThat(copy).hasContent("iface up0\n# \u00e9\n");
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
