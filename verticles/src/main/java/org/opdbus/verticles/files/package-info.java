// SPDX-License-Identifier: Apache-2.0
/** Files that are written whole or not at all. Everything here waits for the disk; call it on a thread that may. */
@NullMarked
package org.opdbus.verticles.files;

import org.jspecify.annotations.NullMarked;
