// SPDX-License-Identifier: Apache-2.0
/** Says what is wanted for a container: what its entry in the state file says, else what the configuration says of all others. */
@NullMarked
package org.opdbus.verticles.state.policy;

import org.jspecify.annotations.NullMarked;
