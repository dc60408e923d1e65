// SPDX-License-Identifier: Apache-2.0
/**
 * The cluster on a NATS system with JetStream: the names on it. Every class may be used by any thread.
 */
@NullMarked
package org.opdbus.verticles.cluster.nats;

import org.jspecify.annotations.NullMarked;
