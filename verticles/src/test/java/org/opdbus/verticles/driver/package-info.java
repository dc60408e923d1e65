// SPDX-License-Identifier: Apache-2.0
/** Tests of the drivers, with real processes and real containers. */
@NullMarked
package org.opdbus.verticles.driver;

import org.jspecify.annotations.NullMarked;
