// SPDX-License-Identifier: Apache-2.0
/**
 * The part of the cluster that uses Infinispan, JGroups and Bouncy Castle. A class loader of its own loads it, so
 * code outside must not name its classes; other code uses the interfaces {@link
 * org.opdbus.verticles.membership.Engine} and {@link org.opdbus.verticles.membership.trust.Certificates}.
 */
@NullMarked
package org.opdbus.verticles.membership.engine;

import org.jspecify.annotations.NullMarked;
