// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import java.util.Optional;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Checkpoint;

/** Asks the running agent how far it has signed its ledger, with a limit on the wait. */
public final class SignedByAgent {
    private SignedByAgent() {}

    /** Returns the agent's latest checkpoint; empty if no agent runs or it cannot say. */
    public static Optional<Checkpoint> ask(AgentConfig config) {
        try {
            return LimitedQuestion.ask(
                    config,
                    agent -> Checkpoint.parse(
                            agent.call("checkpoint").path("checkpoint").asText()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
