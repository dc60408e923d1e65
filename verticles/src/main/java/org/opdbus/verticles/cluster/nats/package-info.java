// SPDX-License-Identifier: Apache-2.0
/**
 * The cluster on a NATS system with JetStream, without the library for it: the names on it, what is published there, and
 * {@link org.opdbus.verticles.cluster.nats.NatsEngine}, which connects. Code that needs the library is in the package
 * {@code client}, which is loaded by name, and only when asked. Every class may be used by any thread.
 */
@NullMarked
package org.opdbus.verticles.cluster.nats;

import org.jspecify.annotations.NullMarked;
