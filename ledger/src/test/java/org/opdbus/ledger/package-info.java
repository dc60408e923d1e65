// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.ledger;

import org.jspecify.annotations.NullMarked;
