// SPDX-License-Identifier: Apache-2.0
/** Bounds what peers can cost this host: lines in its log, writes to its disk, and work that waits. */
@NullMarked
package org.opdbus.verticles.cluster.limits;

import org.jspecify.annotations.NullMarked;
