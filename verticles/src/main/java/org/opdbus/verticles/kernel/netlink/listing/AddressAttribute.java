// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

/** The attributes of messages about an address: {@code IFA_…} in {@code linux/if_addr.h}. */
public final class AddressAttribute {
    public static final int ADDRESS = 1;
    public static final int LOCAL = 2;
    public static final int LABEL = 3;
    public static final int BROADCAST = 4;
    public static final int CACHEINFO = 6;
    public static final int FLAGS = 8;
    public static final int RT_PRIORITY = 9;
    public static final int PROTO = 11;

    private AddressAttribute() {}
}
