// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.opdbus.events.ContainerId;

/**
 * Writes into the inventory what the router, the desired state and the mesh handlers know of containers. The router's thread
 * calls {@link #looked}; one other thread calls {@link #meshes}.
 */
final class ContainerFold {
    private final LiveInventory live;
    private final Function<ContainerId, WantedContainer> wanted;
    private final Clock clock;
    private volatile Map<ContainerId, MeshMembership> meshes = Map.of();

    ContainerFold(LiveInventory live, Function<ContainerId, WantedContainer> wanted, Clock clock) {
        this.live = live;
        this.wanted = wanted;
        this.clock = clock;
    }

    /** Writes the router's news about some containers as one change. */
    void looked(List<ContainerNews> news) {
        Instant at = now();
        live.update(now -> {
            SnapshotMap<ContainerId, KnownContainer> containers = now.containers();
            for (ContainerNews one : news) {
                Optional<ContainerStatus> status = one.status();
                containers = status.isPresent()
                        ? containers.with(one.id(), known(now, status.get(), at))
                        : containers.without(one.id());
            }
            return now.withContainers(containers);
        });
    }

    private KnownContainer known(Inventory now, ContainerStatus news, Instant at) {
        ContainerId id = news.id();
        Optional<KnownContainer> before = now.containers().get(id);
        ContainerStatus status =
                before.map(earlier -> news.after(earlier.status())).orElse(news);
        KnownContainer known = new KnownContainer(status, wanted.apply(status.named()), membership(id), at);
        return before.map(earlier -> known.since(earlier, at)).orElse(known);
    }

    /**
     * Writes the mesh status of all containers as one change. A container that the map does not have is in no mesh. It looks only
     * at containers that are or were in a mesh.
     */
    void meshes(Map<ContainerId, MeshMembership> answer) {
        Map<ContainerId, MeshMembership> before = meshes;
        if (before.equals(answer)) {
            return;
        }
        Instant at = now();
        meshes = Map.copyOf(answer);
        Set<ContainerId> concerned = new HashSet<>(before.keySet());
        concerned.addAll(answer.keySet());
        live.update(now -> {
            SnapshotMap<ContainerId, KnownContainer> containers = now.containers();
            for (ContainerId id : concerned) {
                MeshMembership membership = membership(id);
                Optional<KnownContainer> known =
                        containers.get(id).filter(container -> !membership.equals(container.mesh()));
                if (known.isPresent()) {
                    containers = containers.with(id, known.get().with(membership, at));
                }
            }
            return now.withContainers(containers);
        });
    }

    private MeshMembership membership(ContainerId id) {
        return meshes.getOrDefault(id, MeshMembership.NONE);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
