// SPDX-License-Identifier: Apache-2.0
/** What an agent needs to apply the state file by itself: it hears that the file was written, and logs what the apply did. */
@NullMarked
package org.opdbus.verticles.state.reload;

import org.jspecify.annotations.NullMarked;
