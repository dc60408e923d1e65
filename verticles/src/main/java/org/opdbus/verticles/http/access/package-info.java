// SPDX-License-Identifier: Apache-2.0
/**
 * Who may ask over HTTP: the token, the sessions that browsers get for it, the names by which a browser may ask, and from which site its
 * request comes.
 *
 * <p>Contract. <b>Threads</b>: everything here is for the event loop of the server, except the file of the token, which {@link
 * org.opdbus.verticles.http.access.AccessTokenWatch} reads on a thread of its own. <b>Limits</b>: sessions, remembered addresses, and
 * guesses in a second are limited; whatever a caller sends is looked at once and not kept, except the hash of its last wrong token.
 * <b>Secrets</b>: the ids of sessions are kept as hashes only, and no secret is ever in a message.
 */
@NullMarked
package org.opdbus.verticles.http.access;

import org.jspecify.annotations.NullMarked;
