// SPDX-License-Identifier: Apache-2.0
/**
 * The ground on which a lab stands: its network namespace, the Open vSwitch in it, and what supervises them. Everything of it can
 * be found again by the files below {@code /run}, also after the agent was killed.
 */
@NullMarked
package org.opdbus.verticles.lab.space;

import org.jspecify.annotations.NullMarked;
