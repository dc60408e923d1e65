// SPDX-License-Identifier: Apache-2.0
/** What a lab needs next: a pure function of its definition and of the picture of what is there. */
@NullMarked
package org.opdbus.verticles.lab.plan;

import org.jspecify.annotations.NullMarked;
