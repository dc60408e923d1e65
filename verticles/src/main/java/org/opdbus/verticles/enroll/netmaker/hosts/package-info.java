// SPDX-License-Identifier: Apache-2.0
/**
 * The hosts that containers are on their Netmaker servers: the agent's durable record of them, and which containers share an
 * identity.
 */
@NullMarked
package org.opdbus.verticles.enroll.netmaker.hosts;

import org.jspecify.annotations.NullMarked;
