// SPDX-License-Identifier: Apache-2.0
/** The commands of labs as text: read from words and files, and written so that reading them builds the same lab again. It is pure. */
@NullMarked
package org.opdbus.verticles.lab.text;

import org.jspecify.annotations.NullMarked;
