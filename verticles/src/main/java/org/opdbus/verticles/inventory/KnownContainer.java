// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;

/**
 * A container of this host, and everything that is known of it.
 *
 * @param status how its enrolment stands, and its links
 * @param wanted what the desired state says of it
 * @param mesh how it stands with its mesh
 * @param since since when it runs or does not run and stands as it does, as far as this run of the agent has seen
 */
public record KnownContainer(ContainerStatus status, WantedContainer wanted, MeshMembership mesh, Instant since) {
    private static final String JOINED = "joined";

    public ContainerId id() {
        return status.id();
    }

    /** How it stands, in the words of {@code query}; a container that is to be in a mesh stands as well as it does there. */
    public String state() {
        if (status.standing() != ContainerPhase.ENROLLED) {
            return word(status.standing());
        }
        return mesh.standing()
                .map(MeshStanding::phase)
                .filter(phase -> !phase.equals(JOINED))
                .orElseGet(() -> word(status.standing()));
    }

    /** What stands in the way; empty when all is well. */
    public String reason() {
        return status.why().isEmpty() ? mesh.standing().map(MeshStanding::why).orElse("") : status.why();
    }

    /** Its first link on this host. */
    public Optional<LinkStatus> firstLink() {
        return status.links().stream().findFirst();
    }

    /** The name of its first link or, as long as it has none, the name that the link is to have; empty if none is known. */
    public String veth() {
        return firstLink().map(LinkStatus::name).or(wanted::veth).orElse("");
    }

    /** The bridge of its first link or, as long as it has none, the bridge that is wanted; empty for none. */
    public String bridge() {
        return firstLink()
                .map(link -> link.bridge().orElse(""))
                .or(wanted::bridge)
                .orElse("");
    }

    /** How many of its links carry packets, if it is enrolled. */
    public int livePorts() {
        return status.standing() == ContainerPhase.ENROLLED
                ? (int) status.links().stream()
                        .filter(link -> link.ofport() > 0)
                        .count()
                : 0;
    }

    /** The phase in the words of {@code query}. */
    public static String word(ContainerPhase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    KnownContainer with(MeshMembership membership, Instant now) {
        KnownContainer changed = new KnownContainer(status, wanted, membership, since);
        return changed.since(this, now);
    }

    /** The same, since the earlier one's time if it stood in the same way, else since now. */
    KnownContainer since(KnownContainer earlier, Instant now) {
        boolean same =
                earlier.status.running() == status.running() && earlier.state().equals(state());
        return new KnownContainer(status, wanted, mesh, same ? earlier.since : now);
    }
}
