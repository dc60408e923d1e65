// SPDX-License-Identifier: Apache-2.0
/**
 * Carries recorded facts: a host pulls the entries of its peers from the height that it has, and answers peers that
 * pull from its own ledger.
 */
@NullMarked
package org.opdbus.verticles.cluster.entries;

import org.jspecify.annotations.NullMarked;
