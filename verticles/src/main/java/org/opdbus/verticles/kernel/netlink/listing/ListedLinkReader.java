// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.NetlinkAttributes;

/** Reads one message about a link (RTM_NEWLINK). It ignores messages that are cut off or not valid. */
final class ListedLinkReader {
    static final int RTM_NEWLINK = 16;
    static final int HEADER_BYTES = 16;

    private static final int AF_UNSPEC = 0;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_IFALIAS = 20;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_PROP_LIST = 52;
    private static final int IFLA_ALT_IFNAME = 53;
    private static final int IFLA_PERM_ADDRESS = 54;
    private static final int IFLA_PARENT_DEV_NAME = 56;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_VLAN_ID = 1;
    private static final HexFormat MAC = HexFormat.ofDelimiter(":");

    private final int hardware;
    private final int index;
    private final int flags;
    private final List<String> altNames = new ArrayList<>();
    private String name = "";
    private String alias = "";
    private String kind = "";
    private Optional<String> mac = Optional.empty();
    private Optional<String> permanentMac = Optional.empty();
    private long mtu;
    private int operState;
    private int master;
    private int lower;
    private Optional<Integer> lowerNamespace = Optional.empty();
    private Optional<Integer> vlan = Optional.empty();
    private String parentDevice = "";

    private ListedLinkReader(ByteBuffer payload) {
        hardware = Short.toUnsignedInt(payload.getShort(2));
        index = payload.getInt(4);
        flags = payload.getInt(8);
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, HEADER_BYTES);
        while (attributes.next()) {
            take(attributes);
        }
    }

    /** Returns the link that the message is about; empty if it is about something else or cut off. */
    static Optional<ListedLink> read(int type, ByteBuffer payload) {
        if (type != RTM_NEWLINK || payload.limit() < HEADER_BYTES || payload.get(0) != AF_UNSPEC) {
            return Optional.empty();
        }
        return new ListedLinkReader(payload).link();
    }

    private void take(NetlinkAttributes value) {
        switch (value.type()) {
            case IFLA_IFNAME -> name = value.text();
            case IFLA_ADDRESS -> mac = address(value);
            case IFLA_PERM_ADDRESS -> permanentMac = address(value);
            case IFLA_MTU -> mtu = Integer.toUnsignedLong(value.number(0));
            case IFLA_LINK -> lower = Math.max(value.number(0), 0);
            case IFLA_LINK_NETNSID -> lowerNamespace = Optional.of(value.number(-1));
            case IFLA_MASTER -> master = Math.max(value.number(0), 0);
            case IFLA_OPERSTATE -> operState = value.length() > 0 ? value.value()[0] & 0xff : 0;
            case IFLA_IFALIAS -> alias = value.text();
            case IFLA_PARENT_DEV_NAME -> parentDevice = value.text();
            case IFLA_PROP_LIST -> takeAltNames(value.nested());
            case IFLA_LINKINFO -> takeKind(value.nested());
            default -> {
                // The kernel sends far more attributes than are needed here.
            }
        }
    }

    private void takeAltNames(NetlinkAttributes properties) {
        while (properties.next()) {
            if (properties.type() == IFLA_ALT_IFNAME) {
                altNames.add(properties.text());
            }
        }
    }

    /** The kernel sends the kind before the data, whose meaning depends on it. */
    private void takeKind(NetlinkAttributes information) {
        while (information.next()) {
            if (information.type() == IFLA_INFO_KIND) {
                kind = information.text();
            } else if (information.type() == IFLA_INFO_DATA && kind.equals("vlan")) {
                takeVlan(information.nested());
            }
        }
    }

    private void takeVlan(NetlinkAttributes data) {
        while (data.next()) {
            if (data.type() == IFLA_VLAN_ID) {
                vlan = AttributeValues.unsignedShort(data, false);
            }
        }
    }

    private static Optional<String> address(NetlinkAttributes value) {
        return value.length() == 0 ? Optional.empty() : Optional.of(MAC.formatHex(value.value()));
    }

    private Optional<ListedLink> link() {
        if (index <= 0 || name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ListedLink(
                index,
                name,
                altNames,
                alias,
                kind,
                hardware,
                mac,
                permanentMac,
                mtu,
                flags,
                operState,
                master,
                lower,
                lowerNamespace,
                vlan,
                parentDevice));
    }
}
