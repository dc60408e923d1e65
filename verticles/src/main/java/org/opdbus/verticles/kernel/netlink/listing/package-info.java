// SPDX-License-Identifier: Apache-2.0
/**
 * What the kernel has in a network namespace, in full: links, addresses, routes of all tables, and rules, of both families.
 *
 * <p>{@link org.opdbus.verticles.kernel.netlink.listing.NetworkReader} asks the kernel. The readers of messages turn bytes into
 * records and hold no socket. Contract: <b>blocking</b>, <b>threads</b> and <b>failure</b> as in {@code kernel.netlink};
 * <b>memory</b>: each kind has a limit, and what is over it is counted and not kept, because a host can have a million routes.
 */
@NullMarked
package org.opdbus.verticles.kernel.netlink.listing;

import org.jspecify.annotations.NullMarked;
