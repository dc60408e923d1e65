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

/** Asks the running agent how far it has signed its ledger, and does not wait for ever. */
final class SignedByAgent {
    private static final long LIMIT_S = 10;

    private SignedByAgent() {}

    /** Its latest checkpoint; empty if no agent runs or it cannot say. */
    static Optional<Checkpoint> ask(AgentConfig config) {
        // A thread that hangs in a socket must not keep the program.
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
