// SPDX-License-Identifier: Apache-2.0
/** Tests of the cluster on NATS. */
@NullMarked
package org.opdbus.verticles.cluster.nats;

import org.jspecify.annotations.NullMarked;
