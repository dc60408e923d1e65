// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;

/**
 * A container or virtual machine of this host with everything that the agent knows about it.
 *
 * @param status the status of its enrolment and of its links
 * @param wanted its desired state
 * @param mesh its mesh status
 * @param since the time of its last change of state, as far as this run of the agent has seen it
 */
public record KnownContainer(ContainerStatus status, WantedContainer wanted, MeshMembership mesh, Instant since) {
    private static final String JOINED = "joined";

    public ContainerId id() {
        return status.id();
    }

    public ContainerId.Kind kind() {
        return id().kind();
    }

    /** Returns the name that people know it by; for a container of LXC that is its id. */
    public String name() {
        return status.name();
    }

    /** Returns what Docker or Podman says of it; empty if it is not theirs. */
    public Optional<EngineContainer> engine() {
        return status.workload().filter(EngineContainer.class::isInstance).map(EngineContainer.class::cast);
    }

    /** Returns its state in the words of {@code query}. For a container that should be in a mesh, this includes the mesh. */
    public String state() {
        if (status.standing() != ContainerPhase.ENROLLED) {
            return word(status.standing());
        }
        return mesh.standing()
                .map(MeshStanding::phase)
                .filter(phase -> !phase.equals(JOINED))
                .orElseGet(() -> word(status.standing()));
    }

    /** Returns the reason for the state; empty when everything is correct. */
    public String reason() {
        return status.why().isEmpty() ? mesh.standing().map(MeshStanding::why).orElse("") : status.why();
    }

    /** Returns what the user has to do about the reason; empty if the agent goes on by itself, or everything is correct. */
    public String remedy() {
        return status.why().isEmpty()
                ? mesh.standing().map(MeshStanding::remedy).orElse("")
                : status.remedy();
    }

    /** Returns its first link on this host. */
    public Optional<LinkStatus> firstLink() {
        return status.links().stream().findFirst();
    }

    /** Returns the name of its first link or, as long as it has none, the desired name; empty if there is neither. */
    public String veth() {
        return firstLink().map(LinkStatus::name).or(wanted::veth).orElse("");
    }

    /**
     * Returns the bridge of its first link or, as long as it has none, the one that the state file or else its labels want; empty
     * if there is none of these.
     */
    public String bridge() {
        return firstLink()
                .map(link -> link.bridge().orElse(""))
                .or(wanted::bridge)
                .or(() -> engine().flatMap(engine -> engine.asked().bridge()))
                .orElse("");
    }

    /** Returns its wanted properties in the words of a state file: those of its labels, and over them those of the state file. */
    public Map<String, String> wantedProperties() {
        Map<String, String> properties = new TreeMap<>();
        engine().ifPresent(engine -> putAsked(engine.asked(), properties));
        properties.putAll(wanted.properties());
        return properties;
    }

    private static void putAsked(Asked asked, Map<String, String> properties) {
        asked.vlan().ifPresent(vlan -> properties.put("vlan", vlan.toString()));
        asked.address().ifPresent(address -> {
            properties.put("ipv4", address.cidr());
            address.gateway().ifPresent(gateway -> properties.put("gateway", gateway.getHostAddress()));
        });
        asked.mtu().ifPresent(mtu -> properties.put("mtu", mtu.toString()));
        asked.ifname().ifPresent(ifname -> properties.put("ifname", ifname.value()));
        asked.networkType().ifPresent(type -> properties.put("network_type", type));
    }

    /** Returns how many of its links carry packets; 0 if it is not enrolled. */
    public int livePorts() {
        return status.standing() == ContainerPhase.ENROLLED
                ? (int) status.links().stream()
                        .filter(link -> link.ofport() > 0)
                        .count()
                : 0;
    }

    /** Returns the phase in the words of {@code query}. */
    public static String word(ContainerPhase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    KnownContainer with(MeshMembership membership, Instant now) {
        KnownContainer changed = new KnownContainer(status, wanted, membership, since);
        return changed.since(this, now);
    }

    /** Returns the same container with the earlier one's time if the state is the same, and with the present time otherwise. */
    KnownContainer since(KnownContainer earlier, Instant now) {
        boolean same =
                earlier.status.running() == status.running() && earlier.state().equals(state());
        return new KnownContainer(status, wanted, mesh, same ? earlier.since : now);
    }
}
