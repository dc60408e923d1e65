// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

/** The attributes of messages about a route: {@code RTA_…} in {@code linux/rtnetlink.h}. */
public final class RouteAttribute {
    public static final int DST = 1;
    public static final int SRC = 2;
    public static final int OIF = 4;
    public static final int GATEWAY = 5;
    public static final int PRIORITY = 6;
    public static final int PREFSRC = 7;
    public static final int METRICS = 8;
    public static final int MULTIPATH = 9;
    public static final int FLOW = 11;
    public static final int CACHEINFO = 12;
    public static final int TABLE = 15;
    public static final int VIA = 18;
    public static final int PREF = 20;
    public static final int ENCAP = 22;
    public static final int EXPIRES = 23;
    public static final int NH_ID = 30;

    private RouteAttribute() {}
}
