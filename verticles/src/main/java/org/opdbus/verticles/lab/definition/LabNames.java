// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

/** The names that a lab gives to what it makes, as document 002 of its users has them. */
public final class LabNames {
    /** The largest number of an item. */
    public static final int ID_MAX = 999;

    /** The largest number of endpoints of an item. */
    public static final int ENDPOINTS_MAX = 32;

    /** How many endpoints of a LAN can be spied: Open vSwitch copies nothing for more mirrors (MAX_MIRRORS). */
    public static final int SPIES_MAX = 32;

    private static final String NAMESPACE = "cloonix_";
    private static final String ENDPOINT = "_k_";
    private static final String LAN = "_b_";
    private static final String SPY = "s";
    private static final String MIRROR = "mir";

    private LabNames() {}

    /** Returns the name of a lab's network namespace, as {@code ip netns list} shows it. */
    public static String namespace(String lab) {
        return NAMESPACE + lab;
    }

    /** Returns the name of the port and of the link of an endpoint. */
    public static String endpoint(int id, int number) {
        return ENDPOINT + id + "_" + number;
    }

    /** Returns whether a port of this name is that of an endpoint. */
    public static boolean isEndpoint(String port) {
        return port.startsWith(ENDPOINT);
    }

    /** Returns the name of a LAN's bridge. */
    public static String bridge(String lan) {
        return LAN + lan;
    }

    /** Returns the name of the port to which the frames of a spied endpoint are copied. */
    public static String spy(String endpoint) {
        return SPY + endpoint;
    }

    /** Returns the name of the mirror of a spied endpoint. */
    public static String mirror(String endpoint) {
        return MIRROR + endpoint;
    }
}
