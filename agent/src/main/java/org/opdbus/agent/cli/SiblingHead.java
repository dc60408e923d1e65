// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.VerifierKey;

/**
 * What a peer says that it holds of this host's ledger.
 *
 * @param checkpoint the highest checkpoint of this host that it saw; empty if it saw none, or sent
 * none that is valid
 */
record SiblingHead(String host, boolean answered, Optional<Checkpoint> checkpoint) {
    private static final long LIMIT_S = 10;

    /**
     * Returns what the connected peers answer; empty if no agent runs or it cannot say. Takes some
     * 2 s if a peer is silent.
     */
    static Optional<List<SiblingHead>> ask(AgentConfig config) throws InterruptedException {
        // Daemon, so that a thread that hangs in a socket does not keep the process alive.
        Executor thread = work -> {
            Thread made = new Thread(work, "op-dbus-heads");
            made.setDaemon(true);
            made.start();
        };
        try {
            return CompletableFuture.supplyAsync(() -> answer(config), thread).get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        }
    }

    private static Optional<List<SiblingHead>> answer(AgentConfig config) {
        try {
            Optional<ControlClient> running =
                    ControlClient.connect(config.runtime().controlSocket());
            if (running.isEmpty()) {
                return Optional.empty();
            }
            try (AgentCalls agent = running.get()) {
                List<SiblingHead> heads = new ArrayList<>();
                agent.call("heads").forEach(head -> heads.add(of(head)));
                return Optional.of(heads);
            }
        } catch (CannotRunException e) {
            return Optional.empty();
        }
    }

    private static SiblingHead of(JsonNode head) {
        return new SiblingHead(
                head.path("host").asText(),
                head.path("answered").asBoolean(),
                parsed(head.path("checkpoint").asText()));
    }

    private static Optional<Checkpoint> parsed(String note) {
        try {
            return Optional.of(Checkpoint.parse(note));
        } catch (LedgerException e) {
            return Optional.empty();
        }
    }

    /** Returns whether this host's key signed the checkpoint. */
    boolean isSignedBy(VerifierKey key) {
        return checkpoint.filter(held -> held.isSignedBy(key)).isPresent();
    }

    long size() {
        return checkpoint.map(Checkpoint::size).orElse(0L);
    }

    /** Returns the name of the checkpoint in findings. */
    String name() {
        return "the checkpoint of " + size() + " entries that " + host + " holds";
    }
}
