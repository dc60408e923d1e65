// SPDX-License-Identifier: Apache-2.0
/**
 * Open vSwitch's database: a source of facts about bridges and ports, and the only place that
 * changes it.
 *
 * <p>Contract. {@link org.opdbus.verticles.ovsdb.OvsdbVerticle} keeps a {@link
 * org.opdbus.verticles.ovsdb.OvsdbCache} of the database by a monitor over one connection and
 * publishes every difference. <b>Order</b>: the changes of one transaction are published together,
 * removals first, bridges before their ports. <b>Loss</b>: when the connection is lost, the source
 * says so once, retries without end, lists everything again and publishes the differences; it never
 * relies on a server's "since". <b>Changes</b> go through {@link
 * org.opdbus.verticles.ovsdb.PortKeeper}, one guarded transaction each. It never changes a row that
 * is not provably the agent's, or that changed meanwhile. What a caller asks for goes through {@link
 * org.opdbus.verticles.edges.BridgeWork}, which changes no row that is the agent's. <b>Failure</b> is an {@link
 * org.opdbus.verticles.ovsdb.OvsdbException}. A finished transaction does not mean that packets
 * flow: {@code ofport} in a later {@code PortChanged} says that.
 *
 * <p>Sources: RFC 7047; ovsdb-server(7) for {@code monitor_cond}; ovs-vswitchd.conf.db(5).
 */
@NullMarked
package org.opdbus.verticles.ovsdb;

import org.jspecify.annotations.NullMarked;
