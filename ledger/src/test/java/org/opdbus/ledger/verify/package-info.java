// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.ledger.verify;

import org.jspecify.annotations.NullMarked;
