// SPDX-License-Identifier: Apache-2.0
/** The entry of the program, and what it says about itself. */
@NullMarked
package org.opdbus.agent;

import org.jspecify.annotations.NullMarked;
