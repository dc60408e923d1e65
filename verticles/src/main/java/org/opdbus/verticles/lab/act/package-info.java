// SPDX-License-Identifier: Apache-2.0
/** Acts on one lab: reads and changes its links over netlink, and its Open vSwitch over a connection to its own ovsdb-server. */
@NullMarked
package org.opdbus.verticles.lab.act;

import org.jspecify.annotations.NullMarked;
