// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.opdbus.agent.Program;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.command.Settings;
import org.opdbus.agent.cli.control.AgentQuestion;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.Question;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.doctor.CheckResult;
import org.opdbus.agent.doctor.CheckResult.Severity;
import org.opdbus.agent.doctor.Doctor;
import org.opdbus.agent.doctor.HostSnapshot;
import org.opdbus.agent.doctor.LeakedPorts;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.json.ConfigException;
import org.opdbus.verticles.ovsdb.OvsdbException;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVisit;
import org.opdbus.verticles.ovsdb.Survey.SeenPort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "Reports what is wrong on this host, with a remedy for each problem. Works with and "
                    + "without a running agent.",
            "With --fix it shows the ports whose links no longer exist, asks for confirmation, "
                    + "and checks them a second time. It then removes the ports that are unchanged, all of "
                    + "them or none. It changes nothing else, and nothing without --fix."
        },
        exitCodeList = {
            "0:it found no problem, or removed all of them",
            "1:there are problems",
            "2:it could not run: usage, no terminal for the question, Open vSwitch refused the " + "removal"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus doctor",
            "  op-dbus doctor --json | jq '.findings[] | select(.severity == \"problem\")'",
            "  op-dbus doctor --fix"
        })
final class DoctorCommand extends HostTask {
    private static final Path ROOT = Path.of("/");

    /** A program may have just added a port and be about to make its link. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    @Option(names = "--fix", description = "Remove the ports whose links no longer exist, after " + "showing them.")
    private boolean fix;

    @Option(names = "--yes", description = "With --fix: do not ask for confirmation.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object: {\"findings\":[…],\"removed\":[…]}.")
    private boolean json;

    @Override
    protected int run() {
        ResultStream out = out();
        HostSnapshot patient = patient().observe();
        List<CheckResult> findings = Doctor.examine(patient);
        if (!json) {
            findings.forEach(finding -> print(finding, out));
            out.flush();
        }
        List<SeenPort> removed = fix ? fix(patient) : List.of();
        if (json) {
            out.json(JsonText.pretty(document(findings, removed)));
            out.flush();
        }
        List<CheckResult> left =
                removed.isEmpty() ? findings : Doctor.examine(patient().observe());
        boolean well = left.stream().noneMatch(finding -> finding.severity() == Severity.PROBLEM);
        return well ? ExitStatus.DONE : ExitStatus.NO;
    }

    private HostSnapshot patient() {
        Settings settings = settings();
        Optional<String> failure = Optional.empty();
        AgentConfig config;
        try {
            config = settings.read();
        } catch (ConfigException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            config = AgentConfig.defaults("localhost");
        }
        return new HostSnapshot(
                config,
                settings.existingFile(),
                failure,
                ROOT,
                HostSnapshot.programFolders(),
                Program.version(),
                AgentQuestion.ask(config.runtime()),
                HostSnapshot.Kernel.NOT_ASKED,
                HostSnapshot.Switch.NOT_ASKED);
    }

    private static void print(CheckResult finding, ResultStream out) {
        String mark = finding.severity().name().toLowerCase(Locale.ROOT);
        out.line(String.format(Locale.ROOT, "%-8s %s: %s", mark, finding.check(), finding.what()));
        if (finding.severity() != Severity.OK) {
            out.line("         why: " + finding.why());
            out.line("         remedy: " + finding.remedy());
        }
    }

    private List<SeenPort> fix(HostSnapshot patient) {
        List<SeenPort> leaked = patient.ovs()
                .survey()
                .map(survey -> LeakedPorts.in(survey, patient.kernel().names()))
                .orElse(List.of());
        if (leaked.isEmpty()) {
            say("there is no port to remove");
            return leaked;
        }
        say("to be removed:");
        leaked.forEach(port ->
                say("  port " + port.name() + " of bridge " + port.bridge() + ", external_ids " + port.externalIds()));
        if (!yes && !Question.isAnsweredYes(err(), "Remove them?", "--yes")) {
            say("nothing was removed");
            return List.of();
        }
        List<SeenPort> removed = remove(patient.config(), leaked);
        removed.forEach(port -> say("removed port " + port.name() + " of bridge " + port.bridge()));
        leaked.stream()
                .filter(port -> !removed.contains(port) && removed.stream().noneMatch(port::isStill))
                .forEach(port -> say("left port " + port.name() + ": a second look found it changed or in use"));
        return removed;
    }

    private static List<SeenPort> remove(AgentConfig config, List<SeenPort> leaked) {
        try (OvsdbVisit visit = OvsdbVisit.open(OvsdbOptions.of(config.ovsdb().socket()))) {
            if (visit.endsWithin(BETWEEN_LOOKS)) {
                throw new CannotRunException("ovsdb-server ended the connection; nothing was removed");
            }
            return LeakedPorts.remove(visit, leaked);
        } catch (OvsdbException e) {
            throw new CannotRunException("cannot remove the ports: " + e.getMessage(), e);
        }
    }

    private static ObjectNode document(List<CheckResult> findings, List<SeenPort> removed) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode list = document.putArray("findings");
        for (CheckResult finding : findings) {
            list.addObject()
                    .put("check", finding.check())
                    .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                    .put("what", finding.what())
                    .put("why", finding.why())
                    .put("remedy", finding.remedy());
        }
        ArrayNode names = document.putArray("removed");
        removed.forEach(port -> names.add(port.name()));
        return document;
    }

    private void say(String message) {
        err().println(message);
    }
}
