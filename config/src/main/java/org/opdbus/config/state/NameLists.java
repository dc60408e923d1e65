// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.config.json.JsonValues;

/** Parses lists of names in one string, in the form of {@code pct}: with spaces or commas between. */
public final class NameLists {
    /** The characters of both lists; the reader checks more than a pattern can. */
    static final String ADDRESSES_PATTERN = "[0-9A-Fa-f.: ,]{2,255}";

    static final String DOMAINS_PATTERN = "[A-Za-z0-9. ,-]{1,255}";

    private static final Pattern BETWEEN = Pattern.compile("[ ,]+");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:]*[0-9A-Fa-f:.]*");
    private static final Pattern DOMAIN = Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    private NameLists() {}

    /** Returns the names in a list, in their order. */
    public static List<String> split(String list) {
        return Arrays.stream(BETWEEN.split(list.strip()))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    static Optional<String> addressesViolation(String list) {
        List<String> names = split(list);
        boolean valid = list.matches(ADDRESSES_PATTERN)
                && !names.isEmpty()
                && names.stream().allMatch(NameLists::isAddress);
        return valid
                ? Optional.empty()
                : Optional.of("must be one or more IP addresses with spaces between, is " + JsonValues.shown(list));
    }

    static Optional<String> domainsViolation(String list) {
        List<String> names = split(list);
        boolean valid = list.matches(DOMAINS_PATTERN)
                && !names.isEmpty()
                && names.stream().allMatch(name -> DOMAIN.matcher(name).matches());
        return valid
                ? Optional.empty()
                : Optional.of("must be one or more domains with spaces between, is " + JsonValues.shown(list));
    }

    private static boolean isAddress(String name) {
        if (!IPV6.matcher(name).matches()) {
            return isName(name);
        }
        try {
            // A name with a colon in it is parsed as an address, never looked up.
            return InetAddress.getByName(name) != null;
        } catch (UnknownHostException invalid) {
            return false;
        }
    }

    /** Unlike a container's address, a name server's may be the container itself (127.0.0.1). */
    private static boolean isName(String name) {
        return name.matches(Ipv4Address.PATTERN)
                && Arrays.stream(name.split("\\.", -1)).allMatch(octet -> Integer.parseInt(octet) <= 255);
    }
}
