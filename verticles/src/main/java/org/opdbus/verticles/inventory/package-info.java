// SPDX-License-Identifier: Apache-2.0
/**
 * What faces read: how this host stands, in records that never change.
 */
@NullMarked
package org.opdbus.verticles.inventory;

import org.jspecify.annotations.NullMarked;
