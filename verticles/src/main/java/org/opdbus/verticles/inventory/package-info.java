// SPDX-License-Identifier: Apache-2.0
/**
 * The state of this host, in one immutable snapshot that all faces read, so that they cannot disagree.
 *
 * <p>{@link org.opdbus.verticles.inventory.Inventory} is the snapshot: the agent's sources and its ledger, containers, links,
 * ports, bridges, enrolments, the other hosts of the cluster and the labs.
 * {@link org.opdbus.verticles.inventory.LiveInventory} has the newest snapshot and emits the changes.
 * {@link org.opdbus.verticles.inventory.InventoryVerticle} is its only writer: it folds the facts of the bus, and takes the
 * rest from {@link org.opdbus.verticles.inventory.InventorySources}.
 *
 * <p><b>How a face reads it.</b> To answer a question, a face reads the newest snapshot once and takes the whole answer from
 * it:
 *
 * <pre>{@code
 * Inventory now = live.current();
 * return now.containersById().stream().map(container -> container.id() + " " + container.state()).toList();
 * }</pre>
 *
 * <p>A face that reports changes translates the differences. It gets the next change when it has processed the last one. The
 * first change is from an empty inventory to the present one, so the beginning needs no code of its own:
 *
 * <pre>{@code
 * live.changes(scheduler).subscribe(change -> change.containers().forEach(id -> change.after().containers().get(id)
 *         .ifPresentOrElse(container -> show(id, container), () -> forget(id))));
 * }</pre>
 *
 * <p>A caller that has received an event and then asks must not get an answer from the time before that event. For such
 * callers a face uses {@link org.opdbus.verticles.inventory.InventoryVerticle#fresh}.
 *
 * <p>Contract. <b>Threads</b>: any thread may read; one thread writes each part. <b>Wholeness</b>: everything that one fact
 * changes is one change; a snapshot never changes afterwards. <b>Slow readers</b>: a slow reader gets one change with
 * everything that happened in the meantime, without objects that appeared and vanished in between; it has no queue.
 * <b>Cost</b>: the cost of a change and of a comparison depends on what is different, not on the size. <b>Limits</b>: the
 * sources, the router and the cluster limit what they hold; the inventory holds the same objects. <b>Not in it</b>: events and
 * counts of events; those come from the bus.
 */
@NullMarked
package org.opdbus.verticles.inventory;

import org.jspecify.annotations.NullMarked;
