// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;

/** Asks the running agent how far it has signed its ledger, with a limit on the wait. */
final class SignedByAgent {
    private static final long LIMIT_S = 10;

    private SignedByAgent() {}

    /** Returns the agent's latest checkpoint; empty if no agent runs or it cannot say. */
    static Optional<Checkpoint> ask(AgentConfig config) {
        // Daemon, so that a thread that hangs in a socket does not keep the process alive.
        Executor thread = work -> {
            Thread made = new Thread(work, "op-dbus-checkpoint");
            made.setDaemon(true);
            made.start();
        };
        try {
            return CompletableFuture.supplyAsync(() -> answer(config), thread).get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Checkpoint> answer(AgentConfig config) {
        try {
            Optional<ControlClient> running =
                    ControlClient.connect(config.runtime().controlSocket());
            if (running.isEmpty()) {
                return Optional.empty();
            }
            try (AgentCalls agent = running.get()) {
                return Optional.of(Checkpoint.parse(
                        agent.call("checkpoint").path("checkpoint").asText()));
            }
        } catch (CannotRunException | LedgerException e) {
            return Optional.empty();
        }
    }
}
