// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;

/**
 * Keeps the first routes of each table, and counts the others; so a table with all routes of the internet leaves room for the
 * others. It keeps every default route, because the kernel lists those of IPv6 last.
 */
final class RouteVisitor implements NetlinkListing.Visitor {
    /** Far more than a host has; a limit all the same. */
    private static final int DEFAULTS_MAX = 256;

    private final IpFamily family;
    private final Limits limits;
    private final List<ListedRoute> routes = new ArrayList<>();
    private final Map<Long, Integer> keptByTable = new HashMap<>();
    private int defaults;
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
        boolean isKept = ListedRouteReader.isDefault(payload)
                ? defaults++ < DEFAULTS_MAX
                : routes.size() < limits.allMax()
                        && keptByTable.getOrDefault(ListedRouteReader.table(payload), 0) < limits.tableMax();
        if (!isKept) {
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
