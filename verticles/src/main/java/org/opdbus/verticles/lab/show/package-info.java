// SPDX-License-Identifier: Apache-2.0
/** Labs as faces show them: as JSON for commands and programs, and in the inventory. It is pure. */
@NullMarked
package org.opdbus.verticles.lab.show;

import org.jspecify.annotations.NullMarked;
