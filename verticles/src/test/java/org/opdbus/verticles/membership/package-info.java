// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.membership;

import org.jspecify.annotations.NullMarked;
