// SPDX-License-Identifier: Apache-2.0
/** Labs as JSON, for commands and programs. It is pure. */
@NullMarked
package org.opdbus.verticles.lab.show;

import org.jspecify.annotations.NullMarked;
