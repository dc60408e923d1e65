// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.config.state;

import org.jspecify.annotations.NullMarked;
