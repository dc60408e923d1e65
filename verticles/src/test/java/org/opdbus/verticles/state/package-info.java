// SPDX-License-Identifier: Apache-2.0
/** Tests of what differs. */
@NullMarked
package org.opdbus.verticles.state;

import org.jspecify.annotations.NullMarked;
