// SPDX-License-Identifier: Apache-2.0
/** System calls: netlink, namespaces, inotify; the only code that knows the kernel's structures. */
@NullMarked
package org.opdbus.verticles.kernel;

import org.jspecify.annotations.NullMarked;
