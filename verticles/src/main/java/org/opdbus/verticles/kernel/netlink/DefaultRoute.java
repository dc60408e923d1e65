// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.net.Inet4Address;

/**
 * A default route of IPv4's main table.
 *
 * @param index the link that packets leave by
 * @param gateway the router that they are sent to
 */
public record DefaultRoute(int index, Inet4Address gateway) {}
