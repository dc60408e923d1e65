// SPDX-License-Identifier: Apache-2.0
/**
 * Shows a plan of a move before it is carried out: {@code PlanText} for people, {@code PlanJson} for programs. Pure.
 */
@NullMarked
package org.opdbus.verticles.uplink.show;

import org.jspecify.annotations.NullMarked;
