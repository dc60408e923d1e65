// SPDX-License-Identifier: Apache-2.0
/**
 * What the agent knows, as JSON for other programs: {@code /api/v1}.
 *
 * <p>{@link org.opdbus.verticles.http.api.InventoryJson} makes the objects; everything that shows an object of the inventory over
 * HTTP takes it from there.
 */
@NullMarked
package org.opdbus.verticles.http.api;

import org.jspecify.annotations.NullMarked;
