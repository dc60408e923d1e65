// SPDX-License-Identifier: Apache-2.0
/**
 * The latest events of this host and its peers, with the numbers that every face over HTTP shows.
 *
 * <p>{@link org.opdbus.verticles.http.events.EventLog} listens only while a face wants events. For the event loop of the server.
 */
@NullMarked
package org.opdbus.verticles.http.events;

import org.jspecify.annotations.NullMarked;
