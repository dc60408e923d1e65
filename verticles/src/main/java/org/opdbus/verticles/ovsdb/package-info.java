// SPDX-License-Identifier: Apache-2.0
/**
 * Open vSwitch's database: a source of facts about bridges and ports, and the one place that changes it.
 *
 * <p>Contract. {@link org.opdbus.verticles.ovsdb.OvsdbVerticle} keeps a {@link org.opdbus.verticles.ovsdb.OvsdbCache} of the
 * database by a monitor over one connection and publishes every difference. <b>Order</b>: what a transaction changed is
 * published together, removals first, bridges before their ports. <b>Loss</b>: when the connection is lost it says so
 * once, tries again for ever, lists everything anew and publishes what differs from before; a server's "since" is never
 * trusted. <b>Changes</b> go through {@link org.opdbus.verticles.ovsdb.PortKeeper}, one guarded transaction each: a row
 * that is not provably the agent's, or that changed meanwhile, is left alone. <b>Failure</b> is an {@link
 * org.opdbus.verticles.ovsdb.OvsdbException}. A finished transaction does not mean that packets flow: that is what {@code
 * ofport} says in a later {@code PortChanged}.
 *
 * <p>Sources: RFC 7047; ovsdb-server(7) for {@code monitor_cond}; ovs-vswitchd.conf.db(5).
 */
@NullMarked
package org.opdbus.verticles.ovsdb;

import org.jspecify.annotations.NullMarked;
