// SPDX-License-Identifier: Apache-2.0
/**
 * The whole rows of Open vSwitch's database, for faces that show every column.
 *
 * <p>{@link org.opdbus.verticles.edges.rows.DatabaseRows} is an immutable snapshot, {@link
 * org.opdbus.verticles.edges.rows.RowsFeed} has the newest one and emits the changes, in the way of the inventory. A face takes a
 * whole answer from one snapshot. It must {@link org.opdbus.verticles.edges.rows.RowsFeed#keep keep} the feed for as long as it
 * reads it: without a reader there is no connection and no memory in use.
 *
 * <p>Contract. <b>Threads</b>: any thread may read; nothing here waits. <b>Loss</b>: while the database is away, the last rows stay,
 * and the snapshot says since when and why. <b>Slow readers</b>: a slow reader gets one change with everything that happened in
 * the meantime; it has no queue. <b>Values</b> are plain JSON text: a set of one element is that element, another set an array in
 * ascending order, a map an object with its names in ascending order, a row's identifier a string. So equal values have equal text.
 */
@NullMarked
package org.opdbus.verticles.edges.rows;

import org.jspecify.annotations.NullMarked;
