// SPDX-License-Identifier: Apache-2.0
/**
 * Netlink and ethtool: reads and changes the kernel's links, and reports their changes (rtnetlink(7)).
 *
 * <p>{@link org.opdbus.verticles.kernel.netlink.RtNetlink} reads and changes; {@link
 * org.opdbus.verticles.kernel.netlink.LinkFeed} and {@link org.opdbus.verticles.kernel.netlink.LinkChanges} report
 * changes. {@link org.opdbus.verticles.kernel.netlink.LinkMessageReader} turns bytes into links and holds no socket.
 * The contract of {@code kernel} holds here too: every call blocks for a bounded time, and a failure is a {@link
 * org.opdbus.verticles.kernel.netlink.NetlinkException} with the kernel's own words.
 */
@NullMarked
package org.opdbus.verticles.kernel.netlink;

import org.jspecify.annotations.NullMarked;
