// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the agent said when it was asked.
 *
 * @param listens whether one listens on the control socket at all
 * @param failure why it gave no answer, if it gave none
 * @param version its version
 * @param sources how each of its sources stands: {@code listed}, {@code lost} or {@code awaited}
 * @param ledgerError why the ledger takes no entries, if it doesn't
 * @param containers how the containers stand
 */
public record AgentReply(
        boolean listens,
        Optional<String> failure,
        String version,
        Map<String, String> sources,
        Optional<String> ledgerError,
        List<ContainerReply> containers) {
    public AgentReply {
        sources = Map.copyOf(sources);
        containers = List.copyOf(containers);
    }

    /**
     * How a container stands, in the words of {@code query}.
     *
     * @param meshRemedy what the user has to do before it is in its mesh; empty if there is nothing
     */
    public record ContainerReply(String id, String state, String reason, String meshRemedy) {
        /** A container whose mesh needs nothing. */
        public ContainerReply(String id, String state, String reason) {
            this(id, state, reason, "");
        }
    }

    /** Nobody listens. */
    public static AgentReply none() {
        return new AgentReply(false, Optional.empty(), "", Map.of(), Optional.empty(), List.of());
    }

    /** Somebody listens and does not answer, or nobody may ask. */
    public static AgentReply failed(String why) {
        return new AgentReply(true, Optional.of(why), "", Map.of(), Optional.empty(), List.of());
    }
}
