// SPDX-License-Identifier: Apache-2.0
/** Tests of what is wanted for workloads. */
@NullMarked
package org.opdbus.verticles.state.policy;

import org.jspecify.annotations.NullMarked;
