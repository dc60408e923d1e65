// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.metrics;

import org.jspecify.annotations.NullMarked;
