// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.agent.wiring.uplinks.Uplinks;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.UplinkFailure;
import org.opdbus.verticles.uplink.wayback.MoveState;
import org.opdbus.verticles.uplink.wayback.PendingMove;

/** Checks whether the move of an uplink waits for its confirmation, and whether its way back would be taken. */
final class UplinkCheck implements Check {
    private static final String NAME = "uplink";
    private static final String BOOT_UNIT = "op-dbus-uplink-boot.service";
    private static final List<String> UNIT_FOLDERS =
            List.of("/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system");

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        Optional<PendingMove> move;
        try (CommandRunner runner = new CommandRunner()) {
            move = Uplinks.folder(patient.config(), runner).pending();
        } catch (UplinkFailure damaged) {
            return List.of(CheckResult.problem(
                    NAME,
                    String.valueOf(damaged.getMessage()),
                    "no uplink can be moved, and a move that is not confirmed may never be taken back",
                    "look at the files, and move the folder away if no move is under way"));
        }
        return move.filter(each -> !each.state().isOver())
                .map(each -> findings(each, patient))
                .orElseGet(() -> List.of(CheckResult.ok(NAME, "no move of an uplink waits for its confirmation")));
    }

    private static List<CheckResult> findings(PendingMove move, HostSnapshot patient) {
        List<CheckResult> findings = new ArrayList<>();
        String which = "the move of " + move.plan().request().link()
                + (move.plan().request().direction() == Direction.ONTO ? " onto " : " off ")
                + move.plan().request().bridge();
        if (move.state() == MoveState.STUCK) {
            findings.add(CheckResult.problem(
                    NAME,
                    "the way back of " + which + " is not finished: " + move.trouble(),
                    "the host's network is neither as before the move nor as after it",
                    "mend what it says; the way back is tried again by itself, and at once by op-dbus uplink revert"));
        } else {
            findings.add(CheckResult.warning(
                    NAME,
                    which + " waits for its confirmation until " + move.deadline(),
                    "it is taken back then",
                    "run op-dbus uplink confirm from a new connection, or op-dbus uplink revert"));
        }
        if (!move.alarm().isArmed()) {
            findings.add(CheckResult.problem(
                    NAME,
                    "nothing takes the way back of " + which + " by itself: "
                            + move.alarm().text(),
                    "if the host cannot be reached any more, it stays so",
                    "run op-dbus uplink confirm or op-dbus uplink revert"));
        }
        bootUnit(patient).ifPresent(findings::add);
        return findings;
    }

    /** The unit that takes the way back when the host boots; a host without systemd has none. */
    private static Optional<CheckResult> bootUnit(HostSnapshot patient) {
        Path systemd = patient.file("/run/systemd/system");
        boolean isThere =
                UNIT_FOLDERS.stream().anyMatch(folder -> Files.exists(patient.file(folder + "/" + BOOT_UNIT)));
        return !Files.isDirectory(systemd) || isThere
                ? Optional.empty()
                : Optional.of(CheckResult.problem(
                        NAME,
                        "the unit " + BOOT_UNIT + " is not installed",
                        "if the host boots now, the move stays without a confirmation",
                        "install op-dbus again (deploy/install.sh, or the package)"));
    }
}
