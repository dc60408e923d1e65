// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.Agent;
import org.opdbus.agent.log.RepeatAppender;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.LedgerException;
import org.opdbus.verticles.kernel.NetlinkException;
import org.opdbus.verticles.membership.MembershipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "run",
        description = {
            "Runs the agent in the foreground until it is told to stop (SIGTERM, SIGINT). Ports stay when it stops.",
            "SIGHUP applies the state file.",
            "Needs root, or CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_SYS_PTRACE and access to Open vSwitch's socket."
        })
final class RunCommand implements Callable<Integer> {
    /** As strerror(3) says it. */
    private static final String NO_ROOM = "No space left on device";

    /** Another command writes the ledger, or its disk has no room: nothing that somebody has configured. */
    private static final Set<LedgerException.Reason> PASSING =
            EnumSet.of(LedgerException.Reason.LOCKED, LedgerException.Reason.IO);

    @ParentCommand
    private @Nullable CommandLineProgram program;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        AgentConfig config = Commands.settingsOf(program).load();
        Agent agent;
        try {
            agent = start(config);
        } catch (FileSystemException e) {
            // Folders cannot be made on a full disk, either.
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
        Hangup.handle(agent::reload);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent), "op-dbus-stop"));
        log().info(
                        "agent.ready host={} control={}",
                        config.host(),
                        config.runtime().controlSocket());
        agent.begun();
        // A signal ends the process through the hook above; what comes back here is a defect only.
        agent.defect().get();
        return CommandLineProgram.NO;
    }

    /** Not opened when this class is loaded, which it is for every command. */
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
     * What stands in the way may pass, so whoever starts the agent had better try again: 1, not 2, after which systemd is
     * told to leave it alone.
     */
    private static int waitForBetterTimes(@Nullable String why) {
        log().error("agent.failed reason=\"{}\" remedy=\"it can be started again when that has passed\"", why);
        return CommandLineProgram.NO;
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
