// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.ledger.read;

import org.jspecify.annotations.NullMarked;
