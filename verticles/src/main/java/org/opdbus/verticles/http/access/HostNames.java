// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names by which a browser may ask. A name of someone else's can be made to lead to this host, and a page of that name would then be
 * of the same origin as the agent's (DNS rebinding); an address cannot.
 */
public final class HostNames {
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]{2,45})]|(?<name>[A-Za-z0-9._-]{1,253}))(?::[0-9]{1,5})?");
    private static final String LOCALHOST = "localhost";

    private final Set<String> names;

    /** Knows an agent by these names. */
    public HostNames(Collection<String> names) {
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether a header {@code Host} has an address or one of the names in it, with or without a port. */
    public boolean has(String authority) {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return false;
        }
        if (matcher.group("six") != null) {
            return NetUtil.isValidIpV6Address(matcher.group("six"));
        }
        String name = matcher.group("name").toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return NetUtil.isValidIpV4Address(plain)
                || plain.equals(LOCALHOST)
                || plain.endsWith("." + LOCALHOST)
                || names.contains(plain);
    }

    /** Returns the name without the port, as a person may be shown it; an empty text if it is none. */
    public static String shown(String authority) {
        Matcher matcher = AUTHORITY.matcher(authority);
        return matcher.matches() && matcher.group("name") != null ? matcher.group("name") : "";
    }
}
