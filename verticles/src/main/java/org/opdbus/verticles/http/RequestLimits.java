// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.time.Duration;

/**
 * How long a caller may take.
 *
 * @param idle between two requests
 * @param request from a request's first byte to its last
 * @param answer from then until the caller has read the whole answer
 */
record RequestLimits(Duration idle, Duration request, Duration answer) {}
