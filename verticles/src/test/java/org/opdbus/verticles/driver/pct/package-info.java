// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.driver.pct;

import org.jspecify.annotations.NullMarked;
