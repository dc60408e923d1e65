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
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;
import org.opdbus.verticles.kernel.netlink.NetlinkFormat.Message;

/**
 * Reads and changes the links of one network namespace (man 7 rtnetlink).
 *
 * <p>Every method waits for the kernel's answer, at most some ten seconds and usually some ten microseconds: never
 * call one on an event loop. Any thread may call; calls on one instance wait for each other. Every method that
 * changes something may be repeated without further effect. All throw {@link NetlinkException}.
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
    private static final int IFLA_TARGET_NETNSID = 46;
    /** Counters take most of a message about a link, and this program does not read them. */
    private static final int RTEXT_FILTER_SKIP_STATS = 8;
    /** An index that no link has: indices are assigned from 1 upwards. */
    private static final int NO_INDEX = Integer.MAX_VALUE;

    private final NetlinkExchange kernel;
    private final AddressRequests addresses;

    private RtNetlink(NetlinkExchange kernel) {
        this.kernel = kernel;
        this.addresses = new AddressRequests(kernel);
    }

    /** Opens the agent's own namespace. */
    public static RtNetlink open() {
        return new RtNetlink(NetlinkExchange.open());
    }

    /** Opens another namespace; the caller may close the handle afterwards. */
    public static RtNetlink open(NetworkNamespace namespace) {
        return namespace.inside(RtNetlink::open);
    }

    /**
     * Checks that this process may change links.
     *
     * @throws NetlinkException NOT_PERMITTED, with the name of the missing capability
     */
    public void requireRights() {
        try {
            // The kernel checks the caller's capabilities before it looks for the link.
            kernel.command(setLink(NO_INDEX, 0, 0), "change links");
        } catch (NetlinkException e) {
            if (e.reason() != Reason.NO_SUCH_LINK) {
                throw e;
            }
        }
    }

    /** Returns every link. */
    public List<Link> links() {
        NetlinkRequest request =
                NetlinkRequest.dump(RTM_GETLINK).link(0, 0, 0).attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        return kernel.ask(request, "list the links", RtNetlink::linkIn);
    }

    /** Returns the link with this index, if there is one. */
    public Optional<Link> link(int index) {
        return one(getLink(index), "read link " + index);
    }

    /**
     * Returns the link with this index in another namespace, if there is one, without entering that namespace.
     *
     * @param namespace the id that this namespace uses for the other one; see {@link #namespaceIdOfPid}
     */
    public Optional<Link> linkIn(int namespace, int index) {
        try {
            return one(
                    getLink(index).attribute(IFLA_TARGET_NETNSID, namespace),
                    "read link " + index + " of the namespace with the id " + namespace);
        } catch (NetlinkException e) {
            // EINVAL: no namespace has this id any more.
            if (e.errno().equals(Errno.EINVAL.name())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Returns the link that has this name as its own or as an alternative name, if there is one. */
    public Optional<Link> link(String name) {
        NetlinkRequest request = getLink(0);
        if (LinkName.isValid(name)) {
            // For a name that fits, IFLA_IFNAME finds alternative ones as well.
            request.attribute(IFLA_IFNAME, name);
        } else {
            request.attribute(IFLA_ALT_IFNAME, name);
        }
        return one(request, "read link " + name);
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
     * Renames a link. Kernels that refuse this for a link that is up (EBUSY) need it down for a moment; it is up
     * again afterwards, even after a failure.
     *
     * @throws NetlinkException EXISTS (another link has the name), NO_SUCH_LINK, NOT_PERMITTED
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
     * Adds an alternative name to a link.
     *
     * @throws NetlinkException EXISTS (another link has the name), NO_SUCH_LINK, NOT_PERMITTED
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

    /** Removes an alternative name from a link; succeeds if the link does not have it. */
    public void removeAltName(int index, String name) {
        NetlinkRequest request = NetlinkRequest.command(RTM_DELLINKPROP, 0)
                .link(index, 0, 0)
                .nested(IFLA_PROP_LIST, IFLA_ALT_IFNAME, name);
        try {
            kernel.command(request, "remove the alternative name " + name + " from link " + index);
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
     * Returns the id that this namespace uses for the network namespace of a process.
     *
     * @return the id, or {@link Link#NO_NAMESPACE} if none has been needed yet, so that no link leads there, or if
     * the process is in this very namespace
     * @throws NetlinkException NO_SUCH_PROCESS
     */
    public int namespaceIdOfPid(long pid) {
        return namespaceId(NETNSA_PID, Math.toIntExact(pid), "the network namespace of process " + pid);
    }

    /** Returns the id that this namespace uses for another one; see {@link #namespaceIdOfPid}. */
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

    /** Returns the IPv4 addresses of a link. */
    public List<LinkAddress> addresses(int index) {
        return addresses.addresses(index);
    }

    /** Adds an IPv4 address to a link; its other addresses stay. */
    public void replaceAddress(int index, Inet4Address address, int prefix) {
        addresses.add(new LinkAddress(index, address, prefix));
    }

    /** Removes an IPv4 address from a link. */
    public void removeAddress(int index, Inet4Address address, int prefix) {
        addresses.remove(new LinkAddress(index, address, prefix));
    }

    /** Returns the preferred default route of IPv4's main table, if there is one with a gateway. */
    public Optional<DefaultRoute> defaultRoute() {
        return addresses.defaultRoutes().stream().findFirst();
    }

    /** Sets the default route and replaces an existing one. The link must be up and reach the gateway. */
    public void replaceDefaultRoute(int index, Inet4Address gateway) {
        addresses.replaceDefault(new DefaultRoute(index, gateway));
    }

    /**
     * Uses the socket of this object for something else, exclusively; the socket always belongs to this namespace.
     */
    <T> T onSocket(IntFunction<T> work) {
        return kernel.onSocket(work);
    }

    /** Carries out a change that a class of this package has written. */
    void command(NetlinkRequest request, String attempt) {
        kernel.command(request, attempt);
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
