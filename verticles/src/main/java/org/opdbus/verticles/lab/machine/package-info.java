// SPDX-License-Identifier: Apache-2.0
/** The machines of labs: virtual ones of qemu, and containers of LXC. */
@NullMarked
package org.opdbus.verticles.lab.machine;

import org.jspecify.annotations.NullMarked;
