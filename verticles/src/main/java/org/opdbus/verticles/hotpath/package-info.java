// SPDX-License-Identifier: Apache-2.0
/**
 * Joins the parts of the hot path: the planning rules in their order, and the router, the handlers and the ledger's commit on
 * one event loop.
 *
 * <p>This is wiring. No other package of the verticles knows the packages that carry steps out.
 */
@NullMarked
package org.opdbus.verticles.hotpath;

import org.jspecify.annotations.NullMarked;
