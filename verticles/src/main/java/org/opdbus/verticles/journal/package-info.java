// SPDX-License-Identifier: Apache-2.0
/** Writes facts to the log: one line per fact, with the fact's own words as keys. */
@NullMarked
package org.opdbus.verticles.journal;

import org.jspecify.annotations.NullMarked;
