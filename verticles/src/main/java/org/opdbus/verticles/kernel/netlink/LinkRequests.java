// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.netlink.LinkMessageReader.IFF_UP;
import static org.opdbus.verticles.kernel.netlink.LinkMessageReader.IFLA_IFNAME;

import java.util.HexFormat;
import java.util.Optional;
import org.opdbus.events.LinkName;

/**
 * Makes, removes and moves links (rtnetlink(7), {@code linux/if_link.h}). Every method waits for the kernel's answer, at most some ten
 * seconds: never call one on an event loop. All throw {@link NetlinkException}.
 */
public final class LinkRequests {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_SETLINK = 19;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_IFALIAS = 20;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int VETH_INFO_PEER = 1;
    private static final HexFormat MAC = HexFormat.ofDelimiter(":");

    private LinkRequests() {}

    /**
     * An end of a veth pair.
     *
     * @param mac its hardware address; empty to let the kernel choose one
     * @param mtu its MTU; empty for the kernel's default
     * @param up whether it is up from the beginning; the kernel allows this for the near end only
     */
    public record VethEnd(LinkName name, Optional<String> mac, Optional<Integer> mtu, boolean up) {
        /** Describes an end that is down. */
        public static VethEnd down(LinkName name, String mac) {
            return new VethEnd(name, Optional.of(mac), Optional.empty(), false);
        }
    }

    /**
     * Makes a veth pair. Each end is in its namespace from the beginning; no other one ever sees it.
     *
     * @param near the end in the namespace of {@code in}
     * @param far the end in the other namespace
     * @throws NetlinkException EXISTS if one of the names is taken
     */
    public static void addVeth(RtNetlink in, VethEnd near, VethEnd far, NetworkNamespace farNamespace) {
        synchronized (farNamespace) {
            NetlinkRequest request = NetlinkRequest.command(
                            RTM_NEWLINK, NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL)
                    .link(0, near.up() ? IFF_UP : 0, near.up() ? IFF_UP : 0);
            end(request, near);
            int info = request.begin(IFLA_LINKINFO);
            request.attribute(IFLA_INFO_KIND, "veth");
            int data = request.begin(IFLA_INFO_DATA);
            int peer = request.begin(VETH_INFO_PEER);
            request.link(0, far.up() ? IFF_UP : 0, far.up() ? IFF_UP : 0);
            end(request, far).attribute(IFLA_NET_NS_FD, farNamespace.fd());
            request.end(peer).end(data).end(info);
            in.command(request, "make the veth pair " + near.name() + " and " + far.name());
        }
    }

    private static NetlinkRequest end(NetlinkRequest request, VethEnd end) {
        request.attribute(IFLA_IFNAME, end.name().value());
        end.mac().ifPresent(mac -> request.attribute(IFLA_ADDRESS, MAC.parseHex(mac)));
        end.mtu().ifPresent(mtu -> request.attribute(IFLA_MTU, mtu));
        return request;
    }

    /**
     * Makes a Linux bridge, which is down.
     *
     * @throws NetlinkException EXISTS if the name is taken
     */
    public static void addBridge(RtNetlink in, LinkName name) {
        NetlinkRequest request = NetlinkRequest.command(
                        RTM_NEWLINK, NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL)
                .link(0, 0, 0)
                .attribute(IFLA_IFNAME, name.value());
        int info = request.begin(IFLA_LINKINFO);
        request.attribute(IFLA_INFO_KIND, "bridge").end(info);
        in.command(request, "make the bridge " + name);
    }

    /** Puts a link on a Linux bridge. */
    public static void setMaster(RtNetlink in, int index, int bridge) {
        in.command(set(index).attribute(IFLA_MASTER, bridge), "put link " + index + " on the bridge " + bridge);
    }

    /** Removes a virtual link, and with a veth its other end. */
    public static void delete(RtNetlink in, int index) {
        in.command(NetlinkRequest.command(RTM_DELLINK, 0).link(index, 0, 0), "remove link " + index);
    }

    /** Gives a link the text that {@code ip link} shows as its alias. */
    public static void setAlias(RtNetlink in, int index, String alias) {
        in.command(set(index).attribute(IFLA_IFALIAS, alias), "set the alias of link " + index);
    }

    /** Gives a link another hardware address. */
    public static void setMac(RtNetlink in, int index, String mac) {
        in.command(set(index).attribute(IFLA_ADDRESS, MAC.parseHex(mac)), "set the hardware address of link " + index);
    }

    /** Moves a link into another namespace, under this name. There it is down. */
    public static void move(RtNetlink from, int index, NetworkNamespace to, LinkName name) {
        synchronized (to) {
            NetlinkRequest request =
                    set(index).attribute(IFLA_NET_NS_FD, to.fd()).attribute(IFLA_IFNAME, name.value());
            from.command(request, "move link " + index + " as " + name + " into " + to);
        }
    }

    private static NetlinkRequest set(int index) {
        return NetlinkRequest.command(RTM_SETLINK, 0).link(index, 0, 0);
    }
}
