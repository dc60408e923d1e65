// SPDX-License-Identifier: Apache-2.0
/**
 * Containers of the inventory as JSON, in the words of {@code query}. The command line, the HTTP interface and its stream show the
 * same objects, because this package alone makes them.
 *
 * <p>Contract: pure functions; any thread may call them.
 */
@NullMarked
package org.opdbus.verticles.inventory.json;

import org.jspecify.annotations.NullMarked;
