// SPDX-License-Identifier: Apache-2.0
/**
 * The source of whole rows: every column of some tables of Open vSwitch's database.
 *
 * <p>Contract. {@link org.opdbus.verticles.ovsdb.rows.RowSource} has a connection of its own, so that what it costs cannot delay the
 * agent's work, and only while a reader keeps it. The columns are those of the server's own schema. After every loss it lists
 * everything again; a row and a value that are the same afterwards keep their number and their time. <b>Threads</b>: the connection
 * belongs to one context; any thread may read. <b>Limits</b>: the limits of {@link org.opdbus.verticles.jsonrpc.JsonRpcLimits} hold
 * for the listing; a database beyond them counts as unreachable, and the reason says so.
 *
 * <p>Sources: RFC 7047; ovsdb-server(7) for {@code monitor_cond} and {@code update2}.
 */
@NullMarked
package org.opdbus.verticles.ovsdb.rows;

import org.jspecify.annotations.NullMarked;
