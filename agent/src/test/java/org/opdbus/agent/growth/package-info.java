// SPDX-License-Identifier: Apache-2.0
/**
 * Plays many hosts of a cluster in one process, for a real agent beside them: each with its own certificate, ledger and
 * key, and at the rates of a real host. They do not process what the others of them publish, because only the cost to
 * the real agent is measured.
 */
@NullMarked
package org.opdbus.agent.growth;

import org.jspecify.annotations.NullMarked;
