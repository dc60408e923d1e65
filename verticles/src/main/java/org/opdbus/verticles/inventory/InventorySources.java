// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.opdbus.events.ContainerId;

/**
 * The sources of what the inventory does not learn from facts on the bus.
 *
 * @param containers emits the status of containers after the router has checked them, on the router's thread
 * @param told completes when the router has emitted everything that it knows
 * @param wanted returns the desired state of a container, which it is asked for by kind and name ({@code docker:web}); any thread may
 *     call it
 * @param meshChanges emits, on any thread, when the mesh status of a container may have changed
 * @param meshes asks for the mesh status of all containers
 * @param peers emits the other hosts of the cluster, on any thread, each time that something about them has changed
 * @param labs emits all labs of this host, on any thread, each time that something about them has changed
 */
public record InventorySources(
        Flowable<List<ContainerNews>> containers,
        Completable told,
        Function<ContainerId, WantedContainer> wanted,
        Flowable<?> meshChanges,
        Supplier<Single<Map<ContainerId, MeshMembership>>> meshes,
        Flowable<List<Peer>> peers,
        Flowable<List<KnownLab>> labs) {}
