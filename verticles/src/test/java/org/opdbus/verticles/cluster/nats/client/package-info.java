// SPDX-License-Identifier: Apache-2.0
/** Tests of the client of NATS, without a server. */
@NullMarked
package org.opdbus.verticles.cluster.nats.client;

import org.jspecify.annotations.NullMarked;
