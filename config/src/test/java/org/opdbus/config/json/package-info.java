// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.config.json;

import org.jspecify.annotations.NullMarked;
