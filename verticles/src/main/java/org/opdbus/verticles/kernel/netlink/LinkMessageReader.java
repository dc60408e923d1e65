// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Destination;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Gone;
import org.opdbus.verticles.kernel.netlink.LinkMessage.NamespaceForgotten;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Present;

/**
 * Parses rtnetlink messages about links (man 7 rtnetlink, {@code linux/if_link.h}). It uses no socket and has no
 * state. It ignores messages that are cut off or not valid.
 */
public final class LinkMessageReader {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_DELNSID = 89;
    static final int NETNSA_NSID = 1;
    static final int IFLA_ALT_IFNAME = 53;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_PROP_LIST = 52;
    static final int IFF_UP = 1;
    /** The size of {@code struct rtgenmsg} with its padding. */
    static final int NAMESPACE_HEADER_BYTES = 4;

    private static final int LINK_HEADER_BYTES = 16;
    private static final int IFF_LOWER_UP = 1 << 16;
    private static final int AF_UNSPEC = 0;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_NEW_NETNSID = 45;
    private static final int IFLA_NEW_IFINDEX = 49;
    private static final HexFormat MAC = HexFormat.ofDelimiter(":");

    private LinkMessageReader() {}

    /** Returns the content of a datagram's messages, in their order. */
    public static List<LinkMessage> read(ByteBuffer datagram) {
        List<LinkMessage> said = new ArrayList<>();
        NetlinkFormat.eachMessage(
                datagram, message -> read(message.type(), message.payload()).ifPresent(said::add));
        return said;
    }

    /** Returns the content of one message, if it is about links. */
    static Optional<LinkMessage> read(int type, ByteBuffer payload) {
        return switch (type) {
            case RTM_NEWLINK -> isAboutLink(payload) ? new Attributes(payload).present() : Optional.empty();
            case RTM_DELLINK -> isAboutLink(payload) ? new Attributes(payload).gone() : Optional.empty();
            case RTM_DELNSID -> forgotten(payload);
            default -> Optional.empty();
        };
    }

    /** Messages of other families, AF_BRIDGE above all, are about a link's membership, not about the link itself. */
    private static boolean isAboutLink(ByteBuffer payload) {
        return payload.limit() >= LINK_HEADER_BYTES && payload.get(0) == AF_UNSPEC;
    }

    private static Optional<LinkMessage> forgotten(ByteBuffer payload) {
        return namespaceId(payload).filter(id -> id >= 0).map(NamespaceForgotten::new);
    }

    /** Returns the id in a message about namespaces. */
    static Optional<Integer> namespaceId(ByteBuffer payload) {
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, NAMESPACE_HEADER_BYTES);
        while (attributes.next()) {
            if (attributes.type() == NETNSA_NSID) {
                return Optional.of(attributes.number(Link.NO_NAMESPACE));
            }
        }
        return Optional.empty();
    }

    /** The attributes of one message, during parsing. */
    private static final class Attributes {
        private final int index;
        private final int flags;
        private final List<String> altNames = new ArrayList<>();
        private String name = "";
        private String kind = "";
        private Optional<String> mac = Optional.empty();
        private int master;
        private int lower;
        /** Empty: the message does not name a namespace, so the other end is in this one. */
        private Optional<Integer> lowerNamespace = Optional.empty();

        private Optional<Integer> newNamespace = Optional.empty();
        private int newIndex;

        Attributes(ByteBuffer payload) {
            index = payload.getInt(4);
            flags = payload.getInt(8);
            NetlinkAttributes attributes = NetlinkAttributes.of(payload, LINK_HEADER_BYTES);
            while (attributes.next()) {
                take(attributes);
            }
        }

        private void take(NetlinkAttributes value) {
            switch (value.type()) {
                case IFLA_IFNAME -> name = value.text();
                case IFLA_ADDRESS -> mac = address(value.value());
                case IFLA_MASTER -> master = value.number(0);
                case IFLA_LINK -> lower = value.number(0);
                case IFLA_LINK_NETNSID -> lowerNamespace = Optional.of(value.number(Link.NO_NAMESPACE));
                case IFLA_NEW_NETNSID -> newNamespace = Optional.of(value.number(Link.NO_NAMESPACE));
                case IFLA_NEW_IFINDEX -> newIndex = value.number(0);
                case IFLA_LINKINFO -> takeKind(value.nested());
                case IFLA_PROP_LIST -> takeAltNames(value.nested());
                default -> {
                    // The kernel sends far more attributes than are needed here.
                }
            }
        }

        private void takeKind(NetlinkAttributes information) {
            while (information.next()) {
                if (information.type() == IFLA_INFO_KIND) {
                    kind = information.text();
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

        private static Optional<String> address(byte[] bytes) {
            return bytes.length == 0 ? Optional.empty() : Optional.of(MAC.formatHex(bytes));
        }

        Optional<LinkMessage> present() {
            if (index <= 0 || name.isEmpty()) {
                return Optional.empty();
            }
            // An id of -1 says that the other end is in a namespace that is just ending: its index
            // has no meaning here.
            boolean known = kind.equals("veth") && lower > 0 && lowerNamespace.orElse(0) >= 0;
            return Optional.of(new Present(new Link(
                    index,
                    linkName(name),
                    altNames,
                    kind,
                    mac,
                    known ? lower : 0,
                    known ? lowerNamespace.orElse(Link.NO_NAMESPACE) : Link.NO_NAMESPACE,
                    Math.max(master, 0),
                    (flags & IFF_UP) != 0,
                    (flags & IFF_LOWER_UP) != 0)));
        }

        Optional<LinkMessage> gone() {
            if (index <= 0) {
                return Optional.empty();
            }
            return Optional.of(
                    new Gone(index, newNamespace.filter(id -> id >= 0).map(id -> new Destination(id, newIndex))));
        }

        /** The kernel allows bytes in a name that are not UTF-8; such a link must not hide the others. */
        private static LinkName linkName(String name) {
            if (LinkName.isValid(name)) {
                return new LinkName(name);
            }
            String readable = new String(name.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
                    .replaceAll("[^!-.0-9;-~]|^\\.{1,2}$", "?");
            return new LinkName(readable.substring(0, Math.min(readable.length(), LinkName.BYTES_MAX)));
        }
    }
}
