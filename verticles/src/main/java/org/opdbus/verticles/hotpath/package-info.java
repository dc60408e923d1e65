// SPDX-License-Identifier: Apache-2.0
/**
 * Puts the hot path together: the planning rules of the rooms in their order, and the router, the handlers and the ledger's
 * commit on one event loop.
 *
 * <p>This is wiring. It is the only room of the verticles that knows the rooms which carry steps out.
 */
@NullMarked
package org.opdbus.verticles.hotpath;

import org.jspecify.annotations.NullMarked;
