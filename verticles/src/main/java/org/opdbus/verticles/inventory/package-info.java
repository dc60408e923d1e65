// SPDX-License-Identifier: Apache-2.0
/**
 * What faces read: how this host stands, in one immutable snapshot that all of them share, so that they cannot disagree.
 *
 * <p>{@link org.opdbus.verticles.inventory.Inventory} is the snapshot: the agent's sources and its ledger, containers, links,
 * ports, bridges, enrolments and the other hosts of the cluster.
 * {@link org.opdbus.verticles.inventory.LiveInventory} has the newest one and tells what is different in it.
 * {@link org.opdbus.verticles.inventory.InventoryVerticle} is its only writer: it folds the facts of the bus, and takes what
 * no fact says from {@link org.opdbus.verticles.inventory.InventorySources}.
 *
 * <p><b>How a face reads it.</b> A face that is asked reads the newest snapshot, and everything in its answer from that one:
 *
 * <pre>{@code
 * Inventory now = live.current();
 * return now.containersById().stream().map(container -> container.id() + " " + container.state()).toList();
 * }</pre>
 *
 * <p>A face that tells of changes translates what is different. It gets the next change when it has dealt with the last one. The
 * first is from nothing to what there is, so that the beginning needs no code of its own:
 *
 * <pre>{@code
 * live.changes(scheduler).subscribe(change -> change.containers().forEach(id -> change.after().containers().get(id)
 *         .ifPresentOrElse(container -> show(id, container), () -> forget(id))));
 * }</pre>
 *
 * <p>A face whose caller may have heard of a change already, and must not be answered with the time before it, asks
 * {@link org.opdbus.verticles.inventory.InventoryVerticle#fresh}.
 *
 * <p>Contract. <b>Threads</b>: any thread may read; each writer's part is written by one thread. <b>Wholeness</b>: all that one
 * fact changes is one change; a snapshot never changes afterwards. <b>Slow readers</b>: a reader that takes its time gets one
 * change with everything that happened meanwhile, without what came and went in between; it has no queue. <b>Cost</b>: a change
 * and a comparison of two snapshots cost what is different, not what there is. <b>Limits</b>: what sources, router and cluster
 * hold is limited there; the inventory holds the same objects. <b>Not in it</b>: events and counts of events; those come from
 * the bus.
 */
@NullMarked
package org.opdbus.verticles.inventory;

import org.jspecify.annotations.NullMarked;
