// SPDX-License-Identifier: Apache-2.0
/** The lists of containers that hosts show each other. For the one thread of the cluster, except where noted. */
@NullMarked
package org.opdbus.verticles.cluster.containers;

import org.jspecify.annotations.NullMarked;
