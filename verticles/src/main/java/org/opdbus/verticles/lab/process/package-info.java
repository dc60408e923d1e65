// SPDX-License-Identifier: Apache-2.0
/** Processes of labs, which outlive the agent: found again after its restart, watched, and ended. */
@NullMarked
package org.opdbus.verticles.lab.process;

import org.jspecify.annotations.NullMarked;
