// SPDX-License-Identifier: Apache-2.0
/**
 * JSON-RPC 1.0 as RFC 7047 section 4 uses it: messages in both directions over one stream, with no delimiter between them.
 *
 * <p>Contract. A {@link org.opdbus.verticles.jsonrpc.JsonRpcConnection} serves the side that connected and the side that
 * was connected to alike. <b>Threads</b>: it belongs to the context of its socket and is called on it only. <b>Order</b>:
 * messages are handed on in the order in which they came, an answer's future completing before the message behind it is
 * looked at. <b>Limits</b>: the size and depth of a message, the calls that wait for an answer, the requests that are
 * being answered and the bytes not yet taken by the other side are all bounded; past a bound a call fails, reading pauses,
 * or the connection ends. <b>Failure</b>: whatever ends a connection fails every call that waits and is said once, by
 * {@link org.opdbus.verticles.jsonrpc.JsonRpcPeer#ended}.
 */
@NullMarked
package org.opdbus.verticles.jsonrpc;

import org.jspecify.annotations.NullMarked;
