// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.membership.trust;

import org.jspecify.annotations.NullMarked;
