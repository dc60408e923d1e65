// SPDX-License-Identifier: Apache-2.0
/**
 * Health and metrics over HTTP: {@code /healthz}, {@code /readyz}, {@code /metrics}.
 *
 * <p>{@code /healthz} says that the event loop runs. {@code /readyz} says whether every source is heard and the ledger takes
 * entries, with the reasons, and is 503 if not. On an address that can be reached from elsewhere every request needs a bearer
 * token (RFC 6750).
 *
 * <p>Any local user can connect, so what a caller costs is limited: HTTP/1.1 only, one request at a time, nothing read while
 * an answer is not taken, few callers, short requests, short times, and answers counted in the budget of all faces.
 */
@NullMarked
package org.opdbus.verticles.http;

import org.jspecify.annotations.NullMarked;
