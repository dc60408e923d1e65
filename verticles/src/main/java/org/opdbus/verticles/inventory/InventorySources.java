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
 * Where the inventory gets what no fact on the bus says.
 *
 * @param containers what the router says of containers after it has looked at them, on the router's one thread
 * @param told completes when the router has said all that it knows
 * @param wanted what the desired state says of a container; any thread may ask
 * @param meshChanges says, on any thread, that a container may stand otherwise with its mesh than before
 * @param meshes asks how all containers stand with meshes
 * @param peers the other hosts of the cluster, each time that something of them has changed, on any thread
 */
public record InventorySources(
        Flowable<List<ContainerNews>> containers,
        Completable told,
        Function<ContainerId, WantedContainer> wanted,
        Flowable<?> meshChanges,
        Supplier<Single<Map<ContainerId, MeshMembership>>> meshes,
        Flowable<List<Peer>> peers) {}
