// SPDX-License-Identifier: Apache-2.0
/**
 * The bus name {@code org.openvswitch.ovsdb}: bridges and ports of Open vSwitch, and its database for root. The methods have the
 * meaning of ovs-vsctl(8); {@link org.opdbus.verticles.edges.BridgeWork} carries them out.
 */
@NullMarked
package org.opdbus.verticles.dbus.wrapper;

import org.jspecify.annotations.NullMarked;
