// SPDX-License-Identifier: Apache-2.0
/** Finds containers that run on this host and on a peer at once. For the one thread of the cluster. */
@NullMarked
package org.opdbus.verticles.cluster.claims;

import org.jspecify.annotations.NullMarked;
