// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.agent.wiring.labs.Labs;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.inventory.InventorySources;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.lab.show.InventoryLab;
import org.opdbus.verticles.reconcile.ReconcileVerticle;
import org.opdbus.verticles.state.MeshWork;
import org.opdbus.verticles.state.policy.StatePolicy;

/** Joins the inventory to the parts of the agent that know what no fact on the bus says. */
final class InventoryFeeds {
    private InventoryFeeds() {}

    /** What the inventory is fed with. */
    static InventorySources of(ReconcileVerticle reconcile, StatePolicy policy, Meshes meshes, Others others) {
        return new InventorySources(
                reconcile.news(),
                Completable.defer(reconcile::told),
                id -> wanted(policy, id),
                meshes.changes(),
                () -> memberships(meshes.work()),
                others.hosts().map(AllHosts::changes).orElseGet(Flowable::never),
                others.labs().map(kept -> kept.all().map(InventoryLab::of)).orElseGet(Flowable::never));
    }

    /**
     * The keeper of meshes, as the inventory sees it.
     *
     * @param changes says that a container may stand otherwise with its mesh than before
     */
    record Meshes(MeshWork work, Flowable<?> changes) {}

    /** What this agent sees beside its host's containers: other hosts if it is in a cluster, and labs if it serves. */
    record Others(Optional<AllHosts> hosts, Optional<Labs> labs) {}

    /** What the desired state says of a container. */
    static WantedContainer wanted(StatePolicy policy, ContainerId id) {
        Optional<DesiredContainer> entry = policy.entry(id);
        Map<String, String> properties = new TreeMap<>();
        entry.ifPresent(
                named -> named.properties().toMap().forEach((key, value) -> properties.put(key, value.toString())));
        return new WantedContainer(
                entry.flatMap(DesiredContainer::veth).map(LinkName::value),
                entry.flatMap(DesiredContainer::bridge),
                properties,
                policy.meshFor(id).isPresent());
    }

    private static Single<Map<ContainerId, MeshMembership>> memberships(MeshWork meshes) {
        return Single.zip(meshes.standings(), meshes.leftBehind(), (standings, left) -> {
            Map<ContainerId, MeshStanding> byId = new HashMap<>();
            standings.forEach(standing -> byId.put(standing.id(), standing));
            Set<ContainerId> all = new HashSet<>(byId.keySet());
            all.addAll(left.keySet());
            Map<ContainerId, MeshMembership> memberships = new HashMap<>();
            all.forEach(id -> memberships.put(
                    id, new MeshMembership(Optional.ofNullable(byId.get(id)), left.getOrDefault(id, List.of()))));
            return memberships;
        });
    }
}
