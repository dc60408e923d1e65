// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the agent answered.
 *
 * @param listens whether an agent listens on the control socket at all
 * @param failure why there is no answer, if there is none
 * @param version its version
 * @param sources the state of each of its sources: {@code listed}, {@code lost} or {@code awaited}
 * @param ledgerError why the ledger accepts no entries, if it does not
 * @param containers the status of the containers
 * @param labs the status of the labs
 */
public record AgentReply(
        boolean listens,
        Optional<String> failure,
        String version,
        Map<String, String> sources,
        Optional<String> ledgerError,
        List<ContainerReply> containers,
        List<LabReply> labs) {
    public AgentReply {
        sources = Map.copyOf(sources);
        containers = List.copyOf(containers);
        labs = List.copyOf(labs);
    }

    /** Creates the reply of an agent without labs. */
    public AgentReply(
            boolean listens,
            Optional<String> failure,
            String version,
            Map<String, String> sources,
            Optional<String> ledgerError,
            List<ContainerReply> containers) {
        this(listens, failure, version, sources, ledgerError, containers, List.of());
    }

    /**
     * The status of a lab, in the words of the NonNet table {@code lab}.
     *
     * @param trouble what is not as the definition says, with the reason
     */
    public record LabReply(String name, boolean running, Map<String, String> trouble) {
        public LabReply {
            trouble = Map.copyOf(trouble);
        }
    }

    /**
     * The status of a container, in the words of {@code query}.
     *
     * @param remedy what the user must do before its link has a port; empty if nothing, or if the agent does not say it
     * @param meshRemedy what the user must do before it is in its mesh; empty if nothing
     * @param engine what Docker or Podman says of it; empty if it is not theirs
     */
    public record ContainerReply(
            String id, String state, String reason, String remedy, String meshRemedy, Optional<EngineReply> engine) {
        /** Creates the status of a container of LXC whose mesh needs nothing. */
        public ContainerReply(String id, String state, String reason) {
            this(id, state, reason, "", "", Optional.empty());
        }
    }

    /**
     * What is said of a container of Docker or Podman.
     *
     * @param network the network mode that the engine gave it
     * @param bridge the bridge that it is on, or is to be on; empty for none
     * @param labelFaults what is wrong with its labels, a sentence each
     */
    public record EngineReply(String name, String network, String bridge, List<String> labelFaults) {
        public EngineReply {
            labelFaults = List.copyOf(labelFaults);
        }

        /** Returns whether it has no network of its own: it uses that of the host or of another container. */
        boolean sharesNetwork() {
            return network.equals("host") || network.startsWith("container:");
        }
    }

    /** Returns the reply if no agent listens. */
    public static AgentReply none() {
        return new AgentReply(false, Optional.empty(), "", Map.of(), Optional.empty(), List.of());
    }

    /** Returns the reply if an agent listens but does not answer, or this user may not ask it. */
    public static AgentReply failed(String why) {
        return new AgentReply(true, Optional.of(why), "", Map.of(), Optional.empty(), List.of());
    }
}
