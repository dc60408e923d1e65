// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster.nats;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.config.ListenAddress;
import org.opdbus.config.json.JsonValues;

/**
 * A nats-server and where it listens for clients.
 *
 * @param name tells it from the others, and begins the names of its files
 */
public record NatsServerPlace(String name, ListenAddress address) {
    /** Where the servers listen for each other. */
    static final int ROUTE_PORT = 6222;

    private static final int CLIENT_PORT = 4222;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
    private static final Pattern WRITTEN = Pattern.compile("(?<name>[^=]*)=(?<address>.*)", Pattern.DOTALL);
    private static final Pattern PORT = Pattern.compile(".*[^:]:[0-9]{1,5}|\\[.*]:[0-9]{1,5}", Pattern.DOTALL);

    public NatsServerPlace {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a server must be 1 to 63 letters, digits, - or _, is " + JsonValues.shown(name));
        }
        if (address.port() == 0 || address.port() == ROUTE_PORT) {
            throw new IllegalArgumentException("the port of " + name + " must not be 0 or " + ROUTE_PORT
                    + ", where the servers listen for each other");
        }
    }

    /**
     * Parses {@code NAME=ADDRESS} or {@code NAME=ADDRESS:PORT}; an IPv6 address with a port is in brackets.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static NatsServerPlace parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must be NAME=ADDRESS, such as n1=10.0.0.11, is " + JsonValues.shown(text));
        }
        String address = matcher.group("address");
        boolean isBareSix = address.indexOf(':') != address.lastIndexOf(':') && !address.startsWith("[");
        return new NatsServerPlace(
                matcher.group("name"),
                isBareSix || !PORT.matcher(address).matches()
                        ? new ListenAddress(address, CLIENT_PORT)
                        : ListenAddress.parse(address));
    }

    /** Returns where it listens for the other servers. */
    ListenAddress route() {
        return new ListenAddress(address.host(), ROUTE_PORT);
    }

    /** Returns what clients connect to. */
    public String url() {
        return "tls://" + address;
    }
}
