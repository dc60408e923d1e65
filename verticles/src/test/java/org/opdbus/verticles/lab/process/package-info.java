// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.lab.process;

import org.jspecify.annotations.NullMarked;
