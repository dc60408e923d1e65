// SPDX-License-Identifier: Apache-2.0
/**
 * The API of a Netmaker server: the HTTP client, the calls that the agent makes, what the answers mean, and the keys that the
 * agent creates.
 *
 * <p>Every call waits for the server, for a limited time, and never runs on an event loop. No exception holds a secret.
 */
@NullMarked
package org.opdbus.verticles.enroll.netmaker.server;

import org.jspecify.annotations.NullMarked;
