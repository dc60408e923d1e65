// SPDX-License-Identifier: Apache-2.0
/**
 * Health and metrics over HTTP: {@code /healthz}, {@code /readyz}, {@code /metrics}.
 *
 * <p>{@code /healthz} says that the event loop runs. {@code /readyz} says whether every source is heard and the ledger takes
 * entries, with the reasons, and is 503 if not. On an address that can be reached from elsewhere every request needs a bearer
 * token (RFC 6750). Requests are small and few are answered at a time; whoever is slow is dropped.
 */
@NullMarked
package org.opdbus.verticles.http;

import org.jspecify.annotations.NullMarked;
