// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.command.Arguments;
import org.opdbus.agent.cli.command.CommandContext;
import org.opdbus.agent.cli.command.CommandText;
import org.opdbus.agent.cli.command.DescribedCommand;
import org.opdbus.agent.cli.command.Signals;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.log.RepeatAppender;
import org.opdbus.agent.wiring.Agent;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.LedgerException;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code op-dbus run}. */
final class RunCommand implements DescribedCommand {
    private static final CommandText TEXT = new CommandText(
            List.of("run"),
            List.of(
                    "Runs the agent in the foreground until SIGTERM or SIGINT. The ports remain when the agent stops.",
                    "On SIGHUP the agent applies the state file.",
                    "The agent needs root, or CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_SYS_PTRACE and access to "
                            + "Open vSwitch's socket."),
            List.of(),
            List.of());

    /** The text of strerror(3) for this error. */
    private static final String NO_ROOM = "No space left on device";

    /**
     * Returns whether the cause is temporary: another command writes the ledger, or the disk is
     * full. Neither is a fault of the configuration.
     */
    private static final Set<LedgerException.Reason> PASSING =
            EnumSet.of(LedgerException.Reason.LOCKED, LedgerException.Reason.IO);

    @Override
    public CommandText text() {
        return TEXT;
    }

    @Override
    public int run(CommandContext context, Arguments given) throws InterruptedException, ExecutionException {
        AgentConfig config = context.config();
        Agent agent;
        try {
            agent = start(config);
        } catch (FileSystemException e) {
            // A full disk also prevents the creation of folders.
            if (!NO_ROOM.equals(e.getReason())) {
                throw new CannotRunException("cannot start: " + e, e);
            }
            return waitForBetterTimes("cannot start: " + e);
        } catch (IOException e) {
            throw new CannotRunException("cannot start: " + e, e);
        } catch (LedgerException e) {
            if (!PASSING.contains(e.reason())) {
                throw e;
            }
            return waitForBetterTimes(e.getMessage());
        }
        Signals.handle(agent::reload, "HUP");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent), "op-dbus-stop"));
        log().info(
                        "agent.ready host={} control={}",
                        config.host(),
                        config.runtime().controlSocket());
        agent.begun();
        // A signal ends the process through the hook above; an exception here is a defect.
        agent.defect().get();
        return ExitStatus.NO;
    }

    /** Opened on first use, because every command loads this class. */
    private static Logger log() {
        return LoggerFactory.getLogger("op-dbus");
    }

    private static Agent start(AgentConfig config) throws IOException {
        try {
            return Agent.start(config);
        } catch (NetlinkException e) {
            throw new CannotRunException(e.getMessage(), e);
        } catch (MembershipException e) {
            throw new CannotRunException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The cause may pass, so systemd should start the agent again. The exit status is 1 and not 2,
     * because after 2 systemd does not restart the agent.
     */
    private static int waitForBetterTimes(@Nullable String why) {
        log().error("agent.failed reason=\"{}\" remedy=\"start the agent again when this cause " + "has passed\"", why);
        return ExitStatus.NO;
    }

    private static void stop(Agent agent) {
        try {
            agent.stop("told to");
        } catch (RuntimeException e) {
            log().error("agent.stop failed", e);
        }
        RepeatAppender.tellAll();
    }
}
