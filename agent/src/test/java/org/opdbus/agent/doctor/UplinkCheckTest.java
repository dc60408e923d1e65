// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.doctor.CheckResult.Severity;
import org.opdbus.config.ConfigLoader;
import org.opdbus.config.json.ConfigException;

/** The folder of moves of uplinks, on hosts made of files. */
class UplinkCheckTest {
    private static final String PLAN = """
            {"id": "m1", "manager": "ifupdown2", "steps": [], "notes": [],
             "request": {"direction": "ONTO", "link": "eth0", "bridge": "vmbr0", "confirmWithin": "PT2M",
                         "targets": [], "persists": true}}
            """;
    private static final String MOVED = """
            2026-11-30T02:42:26.547Z planned m1
            2026-11-30T02:42:26.547Z held 1 1 op-dbus run
            2026-11-30T02:42:27.602Z moved
            """;

    @TempDir
    Path folder;

    private List<CheckResult> findings() throws ConfigException, IOException {
        Path config = folder.resolve("op-dbus.json");
        Files.writeString(config, """
                {"host": "here", "ledger": {"dir": "%s/state/ledger"}}
                """.formatted(folder));
        return new UplinkCheck()
                .examine(new HostSnapshot(
                        ConfigLoader.load(config),
                        Optional.of(config),
                        Optional.empty(),
                        folder,
                        List.of(),
                        "1",
                        AgentReply.none(),
                        HostSnapshot.Kernel.NOT_ASKED,
                        HostSnapshot.Switch.NOT_ASKED));
    }

    private void move(String plan, String journal) throws IOException {
        Path move = Files.createDirectories(folder.resolve("state/uplink/move"));
        Files.writeString(move.resolve("plan.json"), plan);
        Files.writeString(move.resolve("journal"), journal);
    }

    @Test
    void a_host_without_a_move_is_fine() throws Exception {
        assertThat(findings()).singleElement().extracting(CheckResult::severity).isEqualTo(Severity.OK);
        move(PLAN, MOVED + "2026-11-30T02:42:30Z confirmed an ssh connection\n");
        assertThat(findings()).singleElement().extracting(CheckResult::severity).isEqualTo(Severity.OK);
    }

    @Test
    void a_move_that_waits_and_an_alarm_that_is_gone_are_told() throws Exception {
        move(PLAN, MOVED);
        assertThat(findings()).extracting(CheckResult::severity).containsExactly(Severity.WARNING, Severity.PROBLEM);
        assertThat(findings().get(0).what()).contains("eth0", "vmbr0", "until 2026-11-30T02:44:26");
        assertThat(findings().get(1).what()).contains("nothing takes the way back");
    }

    @Test
    void on_a_host_of_systemd_the_boot_unit_must_be_there() throws Exception {
        move(PLAN, MOVED);
        Files.createDirectories(folder.resolve("run/systemd/system"));
        assertThat(findings())
                .last()
                .extracting(CheckResult::what)
                .asString()
                .contains("op-dbus-uplink-boot.service is not installed");
        Path units = Files.createDirectories(folder.resolve("usr/lib/systemd/system"));
        Files.writeString(units.resolve("op-dbus-uplink-boot.service"), "");
        assertThat(findings()).hasSize(2);
    }

    @Test
    void a_way_back_that_is_not_finished_and_a_damaged_folder_are_problems() throws Exception {
        move(PLAN, MOVED + "2026-11-30T02:44:26Z reverting timeout\n2026-11-30T02:44:30Z unfinished no database\n");
        assertThat(findings().get(0).severity()).isEqualTo(Severity.PROBLEM);
        assertThat(findings().get(0).what()).contains("no database");
        move("{", MOVED);
        assertThat(findings())
                .singleElement()
                .extracting(CheckResult::what)
                .asString()
                .contains("is not a plan of a move");
    }
}
