// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.cluster.wire;

import org.jspecify.annotations.NullMarked;
