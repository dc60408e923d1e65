// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.lab.space;

import org.jspecify.annotations.NullMarked;
