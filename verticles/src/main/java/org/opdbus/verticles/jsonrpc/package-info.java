// SPDX-License-Identifier: Apache-2.0
/**
 * JSON-RPC 1.0 as RFC 7047 section 4 uses it: messages in both directions over one stream, without
 * delimiters.
 *
 * <p>Contract. A {@link org.opdbus.verticles.jsonrpc.JsonRpcConnection} serves the connecting side
 * and the accepting side alike. <b>Threads</b>: it belongs to the context of its socket; call it on
 * that only. <b>Order</b>: it passes messages on in the order in which they arrived, and completes
 * an answer's future before it reads the message after it. <b>Limits</b>: the size and depth of a
 * message, the calls that wait for an answer, the requests that are being answered and the bytes
 * that the other side has not read are all limited. Beyond a limit a call fails, reading pauses, or
 * the connection ends. <b>Failure</b>: the end of a connection fails every outstanding call and is
 * reported once, by {@link org.opdbus.verticles.jsonrpc.JsonRpcPeer#ended}.
 *
 * <p>{@link org.opdbus.verticles.jsonrpc.OvsdbValue} and {@link org.opdbus.verticles.jsonrpc.OvsdbSelect} are the values and the rows
 * of a database in the messages.
 */
@NullMarked
package org.opdbus.verticles.jsonrpc;

import org.jspecify.annotations.NullMarked;
