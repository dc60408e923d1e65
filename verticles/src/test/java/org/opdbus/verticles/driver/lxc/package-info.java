// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.driver.lxc;

import org.jspecify.annotations.NullMarked;
