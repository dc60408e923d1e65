// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.opdbus.events.Link;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.kernel.capture.PacketRing;
import org.opdbus.verticles.kernel.netlink.LinkChanges;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;

/** The ports of a capture, as their links come and go (rtnetlink(7)). For one thread. */
final class CapturePorts implements AutoCloseable {
    private static final int BLOCKS_MAX = (32 << 20) / PacketRing.BLOCK_BYTES;
    private static final int BLOCKS_MIN = (1 << 20) / PacketRing.BLOCK_BYTES;

    private final CaptureOptions options;
    private final Owner owner;
    private final CaptureFilters filters;
    private final NetworkNamespace namespace;
    private final LinkChanges changes;
    private final Optional<NamespaceFile> file;
    private final List<CapturedPort> ports = new ArrayList<>();

    /** The capture to which the ports belong. */
    interface Owner {
        /** Tells the user. */
        void say(String message);

        /** Runs the action when the descriptor is readable. */
        void watch(int fd, Runnable action) throws IOException;

        /** A port has a ring. */
        void opened(CapturedPort port, PacketRing ring) throws IOException;

        /** A ring gets no more frames; what it has can be read for a while. */
        void left(CapturedPort port, PacketRing ring);

        /** There is nothing more to capture. */
        void ends(String reason);

        /** No port has a link at the moment. */
        void isAlone();
    }

    private CapturePorts(CaptureOptions options, Owner owner, NetworkNamespace namespace) throws IOException {
        this.options = options;
        this.owner = owner;
        this.namespace = namespace;
        filters = new CaptureFilters(options.filter(), options.snaplen(), options.own());
        changes = LinkChanges.in(namespace);
        try {
            file = options.namespaceFile().isPresent()
                    ? Optional.of(NamespaceFile.watch(options.namespaceFile().get()))
                    : Optional.empty();
        } catch (IOException e) {
            changes.close();
            throw e;
        }
    }

    /** Opens every port. */
    static CapturePorts open(CaptureOptions options, Owner owner) throws IOException {
        NetworkNamespace namespace =
                options.namespaceFile().map(NetworkNamespace::at).orElseGet(NetworkNamespace::current);
        CapturePorts made;
        try {
            made = new CapturePorts(options, owner, namespace);
        } catch (IOException | RuntimeException e) {
            namespace.close();
            throw e;
        }
        try {
            made.openAll();
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void openAll() throws IOException {
        owner.watch(changes.fd(), this::hear);
        if (file.isPresent()) {
            owner.watch(file.get().fd(), this::lookAtFile);
        }
        List<String> missing = new ArrayList<>();
        try (RtNetlink kernel = RtNetlink.open(namespace)) {
            for (CaptureOptions.Port port : options.ports()) {
                CapturedPort made = new CapturedPort(ports.size(), port);
                ports.add(made);
                Optional<Link> link = kernel.link(port.name());
                if (link.isEmpty()) {
                    missing.add(made.shownName());
                } else if (missing.isEmpty()) {
                    open(made, link.get().index());
                }
            }
        }
        sayWhatIsLeftOut();
        if (!missing.isEmpty()) {
            throw new CaptureFailure("there is no link " + String.join(", ", missing)
                    + options.namespaceFile()
                            .map(file -> " in the network namespace " + file.getFileName())
                            .orElse(" on this host")
                    + "; \"ip link\" and \"ovs-vsctl show\" list them");
        }
    }

    private void open(CapturedPort port, int index) throws IOException {
        int blocks = options.ringBytes() / options.ports().size() / PacketRing.BLOCK_BYTES;
        PacketRing ring = PacketRing.open(namespace, index, Math.max(BLOCKS_MIN, Math.min(BLOCKS_MAX, blocks)));
        try {
            ring.attach(filters.of(port.typeOf(ring)));
            ring.start(options.isPromiscuous());
            owner.opened(port, ring);
        } catch (IOException | CaptureFailure e) {
            ring.close();
            throw e;
        }
        port.take(ring);
    }

    List<CapturedPort> all() {
        return ports;
    }

    /** Gives the rings new filters if this capture travels by other connections than before. */
    void leaveOutOwnConnections() throws IOException {
        if (filters.haveChanged()) {
            sayWhatIsLeftOut();
            for (CapturedPort port : ports) {
                if (port.ring().isPresent()) {
                    port.ring().get().attach(filters.of(port.type()));
                }
            }
        }
    }

    private void sayWhatIsLeftOut() {
        if (!filters.leftOut().isEmpty()) {
            owner.say("not captured, because this capture travels by it: "
                    + filters.leftOut().stream()
                            .map(one -> shown(one.local()) + " - " + shown(one.peer()))
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String shown(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** An open capture would keep a removed namespace, and all of its links. */
    private void lookAtFile() {
        file.filter(NamespaceFile::isGone)
                .ifPresent(gone -> owner.ends("the network namespace " + Printable.of(gone.name()) + " is removed"));
    }

    private void hear() {
        try {
            for (LinkMessage message : changes.read()) {
                if (message instanceof LinkMessage.Present present) {
                    find(present.link());
                } else if (message instanceof LinkMessage.Gone gone) {
                    leave(gone.index());
                }
            }
        } catch (NetlinkException e) {
            if (e.reason() != NetlinkException.Reason.OVERRUN) {
                throw e;
            }
            list();
        }
    }

    /** Messages were lost, and the list replaces them. */
    private void list() {
        List<Link> links;
        try (RtNetlink kernel = RtNetlink.open(namespace)) {
            links = kernel.links();
        }
        ports.stream()
                .flatMap(port -> port.ring().stream())
                .map(PacketRing::index)
                .filter(index -> links.stream().noneMatch(link -> link.index() == index))
                .collect(Collectors.toList())
                .forEach(this::leave);
        links.forEach(this::find);
    }

    private void find(Link link) {
        for (CapturedPort port : ports) {
            if (port.ring().isEmpty() && link.answersTo(port.name())) {
                reopen(port, link.index());
            }
        }
    }

    private void reopen(CapturedPort port, int index) {
        try {
            open(port, index);
            owner.say(port.shownName() + " is back");
        } catch (IOException | CaptureFailure e) {
            // The link may be gone again; the message of its next one leads here again.
            owner.say(port.shownName() + " is back and cannot be captured: "
                    + Printable.of(String.valueOf(e.getMessage())));
        }
    }

    private void leave(int index) {
        for (CapturedPort port : ports) {
            if (port.has(index)) {
                owner.left(port, port.leave());
                boolean isLast = ports.stream().allMatch(each -> each.ring().isEmpty());
                owner.say(port.shownName() + " is gone"
                        + (isLast ? "; the capture ends if no port comes back within 10 s" : ""));
                if (isLast) {
                    owner.isAlone();
                }
            }
        }
    }

    @Override
    public void close() {
        ports.forEach(CapturedPort::close);
        changes.close();
        file.ifPresent(NamespaceFile::close);
        namespace.close();
    }
}
