// SPDX-License-Identifier: Apache-2.0
/**
 * The files of nats-servers that carry a cluster: what {@code op-dbus cluster nats-config} writes. {@link
 * org.opdbus.agent.cli.cluster.nats.NatsFolder} is where to begin. Everything here is for one thread, which may wait for files.
 */
@NullMarked
package org.opdbus.agent.cli.cluster.nats;

import org.jspecify.annotations.NullMarked;
