// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;

/**
 * Keeps the first routes of each table, and counts the others. The kernel lists a table from the shortest prefix on, so the default
 * routes are among the first; and a table with all routes of the internet leaves room for the others.
 */
final class RouteVisitor implements NetlinkListing.Visitor {
    private final IpFamily family;
    private final Limits limits;
    private final List<ListedRoute> routes = new ArrayList<>();
    private final Map<Long, Integer> keptByTable = new HashMap<>();
    private long leftOut;

    /**
     * How many routes are kept.
     *
     * @param allMax of all tables
     * @param tableMax of one table
     */
    record Limits(int allMax, int tableMax) {}

    RouteVisitor(IpFamily family, Limits limits) {
        this.family = family;
        this.limits = limits;
    }

    @Override
    public void visit(int type, ByteBuffer payload) {
        if (!ListedRouteReader.isRoute(family, type, payload)) {
            return;
        }
        if (routes.size() >= limits.allMax()
                || keptByTable.getOrDefault(ListedRouteReader.table(payload), 0) >= limits.tableMax()) {
            leftOut++;
            return;
        }
        ListedRouteReader.read(family, type, payload).ifPresent(route -> {
            routes.add(route);
            keptByTable.merge(route.table(), 1, Integer::sum);
        });
    }

    static Listed<ListedRoute> listed(NetlinkListing.Result<RouteVisitor> result) {
        return new Listed<>(result.visitor().routes, result.visitor().leftOut, result.isConsistent());
    }
}
