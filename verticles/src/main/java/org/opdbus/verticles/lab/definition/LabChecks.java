// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the names and the numbers of a lab may be. Each method refuses what may not be, with the reason and the remedy. */
public final class LabChecks {
    private static final Pattern LAB = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,30}");
    private static final Pattern ITEM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Pattern LAN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,11}");
    /** Also a name of a link, of which the kernel takes 15 bytes. */
    private static final Pattern HOST_LINK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}");

    private static final Pattern ENDPOINTS = Pattern.compile("[sv]{1," + LabNames.ENDPOINTS_MAX + "}");
    /** The lowest bit of the first byte says that an address is of a group. */
    private static final Pattern MAC = Pattern.compile("[0-9a-f][02468ace](:[0-9a-f]{2}){5}");

    private static final int VLAN_MAX = 4094;
    private static final int SHOWN_MAX = 64;
    private static final String WORDS = "use letters, digits, '_', '.' and '-', and begin with a letter or a digit";

    private LabChecks() {}

    /** Checks the name of a lab. */
    public static void lab(String name) {
        require(
                LAB.matcher(name).matches(),
                shown(name) + " is no name of a lab",
                "use 1 to 31 letters, digits, '_' and '-', and begin with a letter or a digit");
    }

    static void item(String name, LabMachine machine) {
        require(ITEM.matcher(name).matches(), shown(name) + " is no name of an item", WORDS + "; 1 to 63 of them");
        if (machine instanceof LabMachine.Tap || machine instanceof LabMachine.Phy) {
            require(
                    HOST_LINK.matcher(name).matches()
                            && !name.equals("lo")
                            && !name.equals("all")
                            && !name.equals("default"),
                    shown(name) + " cannot be the name of a link of the host",
                    "a " + machine.word() + " bears the name of its link, which has 1 to 15 characters");
        }
    }

    static void lan(String name) {
        require(
                LAN.matcher(name).matches(),
                shown(name) + " is no name of a LAN",
                WORDS + "; 1 to 12 of them, because its bridge " + LabNames.bridge("NAME") + " may have 15");
    }

    static void endpoints(String name, String letters, LabMachine machine) {
        require(
                ENDPOINTS.matcher(letters).matches(),
                "the endpoints " + shown(letters) + " of " + name + " are none",
                "write a letter for each: s for a spied one, v for one that is not; 1 to " + LabNames.ENDPOINTS_MAX
                        + " of them, such as eth=sv");
        int exact = machine instanceof LabMachine.A2b
                ? 2
                : machine instanceof LabMachine.Lxc
                                || machine instanceof LabMachine.Docker
                                || machine instanceof LabMachine.Kvm
                        ? letters.length()
                        : 1;
        require(
                letters.length() == exact,
                "a " + machine.word() + " has " + (exact == 1 ? "one endpoint" : exact + " endpoints") + ", not "
                        + letters.length(),
                "");
    }

    static String mac(String text) {
        String mac = text.toLowerCase(Locale.ROOT);
        require(
                MAC.matcher(mac).matches() && !mac.equals("00:00:00:00:00:00"),
                shown(text) + " is no hardware address of a link",
                "write six bytes in hexadecimal, such as 02:00:00:00:00:01, of which the first is even");
        return mac;
    }

    static void place(LabEndpoint.Place place) {
        lan(place.lan());
        require(
                place.tag() >= 0 && place.tag() <= VLAN_MAX,
                place.tag() + " is no VLAN",
                "use 1 to " + VLAN_MAX + ", or leave the tag away");
        List<Integer> trunks = place.trunks();
        require(
                trunks.stream().allMatch(vlan -> vlan >= 1 && vlan <= VLAN_MAX)
                        && trunks.stream().distinct().count() == trunks.size(),
                "the trunks " + shown(trunks.toString()) + " are not different VLANs",
                "use each number from 1 to " + VLAN_MAX + " at most once");
    }

    static void require(boolean holds, String why, String remedy) {
        if (!holds) {
            throw new LabRefusal(why, remedy);
        }
    }

    /** Returns a text of a caller in quotes, without what a terminal would obey, and not longer than a line. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints()
                .limit(SHOWN_MAX)
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                                || c == 0x2028
                                || c == 0x2029
                        ? '?'
                        : c)
                .forEach(shown::appendCodePoint);
        return shown.append(text.codePointCount(0, text.length()) > SHOWN_MAX ? "…\"" : "\"")
                .toString();
    }
}
