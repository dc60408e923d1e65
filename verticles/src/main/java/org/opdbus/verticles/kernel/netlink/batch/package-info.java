// SPDX-License-Identifier: Apache-2.0
/**
 * Requests that add, and remove, what a listing has: addresses, routes, rules and neighbours, as bytes for a {@link
 * org.opdbus.verticles.kernel.netlink.NetlinkBatch}; and a listing of neighbours.
 *
 * <p>Contract: the classes whose names end in {@code Messages} are pure; each request may be repeated without further effect.
 */
@NullMarked
package org.opdbus.verticles.kernel.netlink.batch;

import org.jspecify.annotations.NullMarked;
