// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.opdbus.agent.cli.command.Signals;
import org.opdbus.agent.cli.control.AgentCalls;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.Question;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.LedgerException;

/**
 * Has the agent make a move, or makes it in this process if no agent runs. What this process makes itself does not end with the
 * terminal: it goes on until the move is confirmed or taken back, and only its messages are lost.
 */
final class UplinkMove {
    private final ResultStream out;
    private final PrintWriter err;
    private final MoveOptions options;

    UplinkMove(ResultStream out, PrintWriter err, MoveOptions options) {
        this.out = out;
        this.err = err;
        this.options = options;
    }

    /** Shows the plan, asks, and moves; returns the exit status. */
    int run(AgentConfig config, ObjectNode request, String question) {
        JsonNode plan;
        try (AgentCalls agent = AgentCalls.open(config, Role.OBSERVE)) {
            plan = agent.call("uplink-plan", request);
        }
        if (options.dryRun()) {
            show(plan);
            return ExitStatus.DONE;
        }
        if (!options.yes()) {
            UplinkText.plan(plan).forEach(err::println);
            if (!Question.isAnsweredYes(err, question, "--yes")) {
                err.println("op-dbus: nothing was changed");
                return ExitStatus.NO;
            }
        }
        Optional<Integer> status;
        try (AgentCalls agent = AgentCalls.open(config, Role.CARRY_OUT)) {
            status = move(agent, request);
        }
        return status.orElseGet(() -> await(config));
    }

    private void show(JsonNode plan) {
        if (options.json()) {
            out.json(JsonText.pretty(plan.path("plan")));
        } else {
            UplinkText.plan(plan).forEach(out::line);
        }
        out.flush();
    }

    /** Returns the exit status; empty if this process must see to the move until it is over. */
    private Optional<Integer> move(AgentCalls agent, ObjectNode request) {
        if (agent.isInThisProcess()) {
            // Neither a closed terminal nor Ctrl-C may end it: half a move is worse than a whole one.
            Signals.handle(this::tellThatItGoesOn, "HUP", "INT", "TERM");
        }
        String before = lastOf(agent);
        JsonNode waiting;
        try {
            waiting = agent.call("uplink-move", List.of(request), this::progress);
        } catch (CannotRunException failure) {
            if (lastOf(agent).equals(before)) {
                throw failure;
            }
            say("op-dbus: " + failure.getMessage());
            return Optional.of(ended(agent));
        }
        UplinkText.howToConfirm(waiting, options.confirmWithin()).forEach(this::say);
        return agent.isInThisProcess() ? Optional.empty() : Optional.of(moved(waiting));
    }

    /** The agent goes on by itself. */
    private int moved(JsonNode waiting) {
        if (options.json()) {
            result(JsonText.pretty(waiting));
        }
        return ExitStatus.DONE;
    }

    /**
     * Without an agent this process asks the gateways until the move is over. The ledger is free meanwhile, so that an agent can start
     * and enrol containers.
     */
    private int await(AgentConfig config) {
        int status;
        try (AgentCalls watching = AgentCalls.inThisProcess(config, Role.OBSERVE)) {
            say("No agent runs, so this command goes on until then.");
            watching.call("uplink-wait");
            status = ended(watching);
        }
        record(config);
        return status;
    }

    /** An agent that has started meanwhile, or starts now, records the end of the move itself. */
    private void record(AgentConfig config) {
        try (AgentCalls agent = AgentCalls.open(config, Role.CARRY_OUT)) {
            agent.call("uplink-record");
        } catch (LedgerException failure) {
            if (failure.reason() != LedgerException.Reason.LOCKED) {
                say("op-dbus: the end of the move is not recorded yet; an agent records it when it starts: "
                        + failure.getMessage());
            }
        }
    }

    private int ended(AgentCalls agent) {
        JsonNode last = agent.call("uplink-status").path("last");
        say(UplinkText.ended(last));
        if (options.json()) {
            result(JsonText.pretty(last));
        }
        return last.path("state").asText().equals("confirmed") ? ExitStatus.DONE : ExitStatus.NO;
    }

    private static String lastOf(AgentCalls agent) {
        return agent.call("uplink-status").at("/last/id").asText();
    }

    private void progress(JsonNode said) {
        said.forEach(line -> say(line.asText()));
    }

    private void tellThatItGoesOn() {
        say("op-dbus: the move goes on; to take it back: op-dbus uplink revert");
    }

    /** A writer keeps the failure of a closed terminal for itself. */
    private synchronized void say(String line) {
        err.println(line);
        err.flush();
    }

    private void result(String json) {
        try {
            out.json(json);
            out.flush();
        } catch (ResultStream.ReaderGoneException gone) {
            say("op-dbus: the result was not read");
        }
    }
}
