// SPDX-License-Identifier: Apache-2.0
/** What tests with a message bus share: a bus of their own, programs of other users on it, a real polkitd, clients. */
@NullMarked
package org.opdbus.verticles.dbus.testing;

import org.jspecify.annotations.NullMarked;
