// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.LedgerException;

/** A question to the running agent with a limit on the wait, for commands that go on without the answer. */
final class LimitedQuestion {
    private static final long LIMIT_S = 10;

    private LimitedQuestion() {}

    /** Returns the answer; empty if no agent runs, it cannot say, or what it says cannot be used. */
    static <A> Optional<A> ask(AgentConfig config, Function<AgentCalls, A> question) throws InterruptedException {
        // Daemon, so that a thread that hangs in a socket does not keep the process alive.
        Executor thread = work -> {
            Thread made = new Thread(work, "op-dbus-question");
            made.setDaemon(true);
            made.start();
        };
        try {
            return CompletableFuture.supplyAsync(() -> answer(config, question), thread)
                    .get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        }
    }

    private static <A> Optional<A> answer(AgentConfig config, Function<AgentCalls, A> question) {
        try {
            Optional<ControlClient> running =
                    ControlClient.connect(config.runtime().controlSocket());
            if (running.isEmpty()) {
                return Optional.empty();
            }
            try (AgentCalls agent = running.get()) {
                return Optional.of(question.apply(agent));
            }
        } catch (CannotRunException | LedgerException e) {
            return Optional.empty();
        }
    }
}
