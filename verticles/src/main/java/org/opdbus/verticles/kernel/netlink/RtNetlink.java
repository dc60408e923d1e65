// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.netlink.LinkMessageReader.IFF_UP;
import static org.opdbus.verticles.kernel.netlink.LinkMessageReader.IFLA_ALT_IFNAME;
import static org.opdbus.verticles.kernel.netlink.LinkMessageReader.IFLA_IFNAME;
import static org.opdbus.verticles.kernel.netlink.LinkMessageReader.IFLA_PROP_LIST;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;
import org.opdbus.verticles.kernel.netlink.NetlinkFormat.Message;

/**
 * Asks the kernel about the links of one network namespace, and changes them (man 7 rtnetlink).
 *
 * <p>Every method waits for the kernel's answer, at most some ten seconds and as a rule some ten microseconds: none is
 * for an event loop. Any thread may call; calls on one instance wait for each other. Every method that changes something
 * may be repeated: what is already so stays so. All throw {@link NetlinkException}.
 */
public final class RtNetlink implements AutoCloseable {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWNSID = 88;
    private static final int RTM_GETNSID = 90;
    private static final int RTM_NEWLINKPROP = 108;
    private static final int RTM_DELLINKPROP = 109;
    private static final int NETNSA_PID = 2;
    private static final int NETNSA_FD = 3;
    private static final int IFLA_EXT_MASK = 29;
    /** Counters are most of a message about a link, and nobody reads them here. */
    private static final int RTEXT_FILTER_SKIP_STATS = 8;
    /** An index that no link has: indices are given away from 1 upwards. */
    private static final int NO_INDEX = Integer.MAX_VALUE;

    private final NetlinkExchange kernel;
    private final AddressRequests addresses;

    private RtNetlink(NetlinkExchange kernel) {
        this.kernel = kernel;
        this.addresses = new AddressRequests(kernel);
    }

    /** Speaks of the links of the agent's own namespace. */
    public static RtNetlink open() {
        return new RtNetlink(NetlinkExchange.open());
    }

    /** Speaks of the links of another namespace; the handle may be closed afterwards. */
    public static RtNetlink open(NetworkNamespace namespace) {
        return namespace.inside(RtNetlink::open);
    }

    /**
     * Makes sure that links may be changed.
     *
     * @throws NetlinkException NOT_PERMITTED, saying which capability is missing
     */
    public void requireRights() {
        try {
            // The kernel looks at the caller's rights before it looks for the link.
            kernel.command(setLink(NO_INDEX, 0, 0), "change links");
        } catch (NetlinkException e) {
            if (e.reason() != Reason.NO_SUCH_LINK) {
                throw e;
            }
        }
    }

    /** Every link. */
    public List<Link> links() {
        NetlinkRequest request =
                NetlinkRequest.dump(RTM_GETLINK).link(0, 0, 0).attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        return kernel.ask(request, "list the links", RtNetlink::linkIn);
    }

    /** The link with this index, if there is one. */
    public Optional<Link> link(int index) {
        return one(getLink(index), "look at link " + index);
    }

    /** The link that has this name as its own or as an alternative one, if there is one. */
    public Optional<Link> link(String name) {
        NetlinkRequest request = getLink(0);
        if (LinkName.isValid(name)) {
            // For a name that fits, IFLA_IFNAME finds alternative ones as well.
            request.attribute(IFLA_IFNAME, name);
        } else {
            request.attribute(IFLA_ALT_IFNAME, name);
        }
        return one(request, "look at link " + name);
    }

    private Optional<Link> one(NetlinkRequest request, String attempt) {
        try {
            return kernel.ask(request, attempt, RtNetlink::linkIn).stream().findFirst();
        } catch (NetlinkException e) {
            if (e.reason() == Reason.NO_SUCH_LINK) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Gives a link another name. Kernels that refuse it for a link that is up (EBUSY) see it down for a moment; whatever
     * fails then, it is up again afterwards.
     *
     * @throws NetlinkException EXISTS (another link answers to the name), NO_SUCH_LINK, NOT_PERMITTED
     */
    public void rename(int index, LinkName to) {
        NetlinkRequest request = setLink(index, 0, 0).attribute(IFLA_IFNAME, to.value());
        String attempt = "rename link " + index + " to " + to;
        try {
            kernel.command(request, attempt);
        } catch (NetlinkException e) {
            if (e.reason() != Reason.BUSY || !isUp(index)) {
                throw e;
            }
            setUp(index, false);
            try {
                kernel.command(request, attempt);
            } finally {
                setUp(index, true);
            }
        }
    }

    private boolean isUp(int index) {
        return link(index).map(Link::up).orElse(false);
    }

    /**
     * Gives a link one more name, by which it is found too.
     *
     * @throws NetlinkException EXISTS (another link answers to the name), NO_SUCH_LINK, NOT_PERMITTED
     */
    public void addAltName(int index, String name) {
        NetlinkRequest request = NetlinkRequest.command(
                        RTM_NEWLINKPROP,
                        NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL | NetlinkRequest.NLM_F_APPEND)
                .link(index, 0, 0)
                .nested(IFLA_PROP_LIST, IFLA_ALT_IFNAME, name);
        try {
            kernel.command(request, "give link " + index + " the alternative name " + name);
        } catch (NetlinkException e) {
            if (e.reason() != Reason.EXISTS || !answersTo(index, name)) {
                throw e;
            }
        }
    }

    /** Takes an alternative name from a link; what the link does not have is not missed. */
    public void removeAltName(int index, String name) {
        NetlinkRequest request = NetlinkRequest.command(RTM_DELLINKPROP, 0)
                .link(index, 0, 0)
                .nested(IFLA_PROP_LIST, IFLA_ALT_IFNAME, name);
        try {
            kernel.command(request, "take the alternative name " + name + " from link " + index);
        } catch (NetlinkException e) {
            if (e.reason() == Reason.NO_SUCH_LINK || e.reason() == Reason.NOT_PERMITTED || answersTo(index, name)) {
                throw e;
            }
        }
    }

    private boolean answersTo(int index, String name) {
        return link(index).map(link -> link.answersTo(name)).orElse(false);
    }

    /** Sets a link up or down (IFF_UP). */
    public void setUp(int index, boolean up) {
        kernel.command(setLink(index, up ? IFF_UP : 0, IFF_UP), "set link " + index + (up ? " up" : " down"));
    }

    /**
     * The id that this namespace uses for the network namespace of a process.
     *
     * @return the id, or {@link Link#NO_NAMESPACE} when none has been needed yet, which means that no link leads there,
     *     or when the process is in this very namespace
     * @throws NetlinkException NO_SUCH_PROCESS
     */
    public int namespaceIdOfPid(long pid) {
        return namespaceId(NETNSA_PID, Math.toIntExact(pid), "the network namespace of process " + pid);
    }

    /** The id that this namespace uses for another one; as {@link #namespaceIdOfPid}. */
    public int namespaceIdOf(NetworkNamespace namespace) {
        synchronized (namespace) {
            return namespaceId(NETNSA_FD, namespace.fd(), namespace.toString());
        }
    }

    private int namespaceId(int attribute, int value, String what) {
        NetlinkRequest request = NetlinkRequest.command(RTM_GETNSID, 0)
                .header(new byte[LinkMessageReader.NAMESPACE_HEADER_BYTES])
                .attribute(attribute, value);
        List<Integer> ids = kernel.ask(
                request,
                "ask for the id of " + what,
                message -> message.type() == RTM_NEWNSID
                        ? LinkMessageReader.namespaceId(message.payload()).orElse(null)
                        : null);
        return ids.isEmpty() ? Link.NO_NAMESPACE : ids.get(0);
    }

    /** The IPv4 addresses of a link. */
    public List<LinkAddress> addresses(int index) {
        return addresses.addresses(index);
    }

    /** Gives a link an IPv4 address; others that it has stay. */
    public void replaceAddress(int index, Inet4Address address, int prefix) {
        addresses.add(new LinkAddress(index, address, prefix));
    }

    /** Takes an IPv4 address from a link. */
    public void removeAddress(int index, Inet4Address address, int prefix) {
        addresses.remove(new LinkAddress(index, address, prefix));
    }

    /** The default route of IPv4's main table that is preferred, if there is one with a gateway. */
    public Optional<DefaultRoute> defaultRoute() {
        return addresses.defaultRoutes().stream().findFirst();
    }

    /** Makes this the default route in place of the one there may be. The link must be up and reach the gateway. */
    public void replaceDefaultRoute(int index, Inet4Address gateway) {
        addresses.replaceDefault(new DefaultRoute(index, gateway));
    }

    /** Does something else with the socket that this speaks through, alone; the socket is of this namespace for ever. */
    <T> T onSocket(IntFunction<T> work) {
        return kernel.onSocket(work);
    }

    private static NetlinkRequest getLink(int index) {
        return NetlinkRequest.command(RTM_GETLINK, 0)
                .link(index, 0, 0)
                .attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    }

    private static NetlinkRequest setLink(int index, int flags, int change) {
        return NetlinkRequest.command(RTM_SETLINK, 0).link(index, flags, change);
    }

    private static @Nullable Link linkIn(Message message) {
        return LinkMessageReader.read(message.type(), message.payload()).orElse(null)
                        instanceof LinkMessage.Present present
                ? present.link()
                : null;
    }

    @Override
    public void close() {
        kernel.close();
    }
}
