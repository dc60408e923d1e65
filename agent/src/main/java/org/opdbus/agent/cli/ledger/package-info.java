// SPDX-License-Identifier: Apache-2.0
/** The commands {@code op-dbus ledger …}. They read, verify and prove, and never write to a ledger. */
@NullMarked
package org.opdbus.agent.cli.ledger;

import org.jspecify.annotations.NullMarked;
