// SPDX-License-Identifier: Apache-2.0
/**
 * Renders the script of the way back from a plan. Pure: the same plan gives the same text. The resource {@code undo.sh} says how each
 * kind of step is undone; a class here turns the steps of one move into calls of its functions, with every value quoted.
 */
@NullMarked
package org.opdbus.verticles.uplink.wayback.script;

import org.jspecify.annotations.NullMarked;
