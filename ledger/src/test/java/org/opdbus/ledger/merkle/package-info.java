// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.ledger.merkle;

import org.jspecify.annotations.NullMarked;
