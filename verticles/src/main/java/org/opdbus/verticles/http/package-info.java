// SPDX-License-Identifier: Apache-2.0
/**
 * The server of health, metrics, captures and whatever else the agent shows over HTTP. {@link org.opdbus.verticles.http.HttpVerticle}
 * listens and checks who asks; each {@link org.opdbus.verticles.http.WebFace} says which paths it has and who may ask for them, and its
 * {@link org.opdbus.verticles.http.WebRoute} answers. A route is made by its first request, so nothing of it is loaded before.
 *
 * <p>{@code /healthz} says that the event loop runs. {@code /readyz} says whether every source
 * works and the ledger accepts entries; if not, it answers 503 with the reasons. On an address that
 * other hosts can reach, every request needs a bearer token (RFC 6750). Captures need it on every address.
 *
 * <p>Any local user can connect, so the cost of a caller is limited: HTTP/1.1 only, one request at
 * a time, no reading while an answer is unread, few callers, short requests, short times, and
 * answers counted in the budget of all faces.
 */
@NullMarked
package org.opdbus.verticles.http;

import org.jspecify.annotations.NullMarked;
