// SPDX-License-Identifier: Apache-2.0
/** Tests of the messages between hosts. */
@NullMarked
package org.opdbus.verticles.cluster;

import org.jspecify.annotations.NullMarked;
