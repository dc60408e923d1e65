// SPDX-License-Identifier: Apache-2.0
/**
 * NATS by its Java client, jnats. Only {@link org.opdbus.verticles.cluster.nats.client.JnatsEngine} is used from outside,
 * and loaded by name: start there.
 *
 * <p>Threading: a link has one thread of its own, which reads the ledger and decides; the library's threads only hand
 * over. Nothing waits for a server. Failure: what a server does not take
 * stays in the ledger and is tried again after growing, jittered delays; each kind of failure is logged once in ten
 * minutes.
 */
@NullMarked
package org.opdbus.verticles.cluster.nats.client;

import org.jspecify.annotations.NullMarked;
