// SPDX-License-Identifier: Apache-2.0
/** The items of labs that are links rather than machines: taps, and links of the host that a lab borrows. */
@NullMarked
package org.opdbus.verticles.lab.link;

import org.jspecify.annotations.NullMarked;
