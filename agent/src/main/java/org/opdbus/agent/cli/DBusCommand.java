// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.control.BusAnswers;
import org.opdbus.agent.cli.control.BusAnswers.Right;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.TextTable;
import org.opdbus.agent.cli.output.UsageException;
import org.opdbus.config.DBusConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "dbus",
        description = {
            "Says whether the agent answers on D-Bus, and what you may do there.",
            "It connects to the bus of the configuration (dbus.address) as you, asks who owns each "
                    + "configured name (dbus.names), reads from the agent, and asks polkit whether you may change "
                    + "this host. It changes nothing."
        },
        exitCodeList = {
            "0:the agent owns every configured name, and you may read",
            "1:a name has another owner or none, or you may not read",
            "2:it could not run: usage, no bus"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus dbus --check", "  sudo -u alice op-dbus dbus --check"})
final class DBusCommand extends HostTask {
    @Option(names = "--check", description = "Check the names, and what you may do.")
    private boolean check;

    @Option(names = "--json", description = "As a JSON object, for programs.")
    private boolean json;

    @Override
    protected int run() {
        if (!check) {
            throw new UsageException("what about D-Bus? To check the names and your rights: op-dbus dbus --check");
        }
        DBusConfig config = config().dbus();
        if (config.names().isEmpty()) {
            throw new CannotRunException("D-Bus is off: dbus.names is empty in the configuration");
        }
        BusAnswers answers = BusAnswers.ask(config);
        ResultStream out = out();
        if (json) {
            out.json(JsonText.pretty(object(answers)));
        } else {
            new TextTable(rows(config, answers)).lines().forEach(out::line);
        }
        out.flush();
        return answers.names().values().stream().allMatch(Right::isGiven)
                        && answers.read().isGiven()
                ? ExitStatus.DONE
                : ExitStatus.NO;
    }

    private static List<List<String>> rows(DBusConfig config, BusAnswers answers) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("WHAT", "ANSWER", "WHY"));
        rows.add(List.of("bus", "yes", "you are " + answers.caller() + " on " + config.address()));
        answers.names().forEach((name, right) -> rows.add(row(name, right)));
        rows.add(row("you may read", answers.read()));
        rows.add(row("you may change", answers.change()));
        return rows;
    }

    private static List<String> row(String what, Right right) {
        return List.of(what, right.isGiven() ? "yes" : "no", right.why());
    }

    private static ObjectNode object(BusAnswers answers) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("caller", answers.caller());
        ObjectNode names = object.putObject("names");
        answers.names().forEach((name, right) -> put(names.putObject(name), right));
        put(object.putObject("read"), answers.read());
        put(object.putObject("change"), answers.change());
        return object;
    }

    private static void put(ObjectNode to, Right right) {
        to.put("allowed", right.isGiven()).put("why", right.why());
    }
}
