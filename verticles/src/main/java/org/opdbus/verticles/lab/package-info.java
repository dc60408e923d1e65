// SPDX-License-Identifier: Apache-2.0
/**
 * Labs. A lab is a network in a named network namespace of its own, with an Open vSwitch of its own. Its definition is a file. One
 * reconciler for each lab compares the definition with the picture of what is there, and does what is missing.
 */
@NullMarked
package org.opdbus.verticles.lab;

import org.jspecify.annotations.NullMarked;
