// SPDX-License-Identifier: Apache-2.0
/**
 * What hosts say to each other, as records and as signed bytes. It uses no file, no clock and no network; every class
 * may be used by any thread.
 */
@NullMarked
package org.opdbus.verticles.cluster.wire;

import org.jspecify.annotations.NullMarked;
