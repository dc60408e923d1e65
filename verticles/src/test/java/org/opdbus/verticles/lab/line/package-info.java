// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.lab.line;

import org.jspecify.annotations.NullMarked;
