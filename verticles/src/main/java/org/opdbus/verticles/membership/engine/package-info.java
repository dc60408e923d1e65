// SPDX-License-Identifier: Apache-2.0
/**
 * The part of the cluster that is made with Infinispan, JGroups and Bouncy Castle. It is loaded by a loader of its own,
 * so nothing outside may name its classes; it is reached through the interfaces
 * {@link org.opdbus.verticles.membership.Engine} and {@link org.opdbus.verticles.membership.trust.Certificates}.
 */
@NullMarked
package org.opdbus.verticles.membership.engine;

import org.jspecify.annotations.NullMarked;
