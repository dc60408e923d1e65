// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import org.opdbus.verticles.inventory.Inventory;

/**
 * What all readers are brought up to.
 *
 * @param nextEvent the number of the line after the last that they get
 */
record Mark(Inventory inventory, long nextEvent) {}
