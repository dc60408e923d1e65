// SPDX-License-Identifier: Apache-2.0
/** The program: main, command line, wiring, packaging. */
@NullMarked
package org.opdbus.agent;

import org.jspecify.annotations.NullMarked;
