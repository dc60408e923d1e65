// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of the host that labs have. A record of each is written before it is moved, so that the next agent can give it back with
 * its name, its hardware address and its state. Every method waits for the kernel. All may be repeated.
 */
public final class BorrowedLinks {
    private static final Logger LOG = LoggerFactory.getLogger(BorrowedLinks.class);

    private final LabFolders folders;

    public BorrowedLinks(LabFolders folders) {
        this.folders = folders;
    }

    /**
     * Moves a link of the host into a lab and sets it up there.
     *
     * @param name its name on the host
     * @param inside its name in the lab
     * @throws LabRefusal if there is no such link, or the host uses it
     */
    public synchronized void take(String lab, LinkName name, LinkName inside) throws IOException {
        Path folder = folders.of(lab);
        try (Sides sides = new Sides(folders.namespace(lab))) {
            Optional<BorrowedLink> record = BorrowedLink.read(folder, name.value());
            Optional<Link> taken = sides.lab.link(inside.value());
            if (taken.isEmpty() && record.isPresent()) {
                // An agent was killed between the move and the change of the name.
                taken = sides.lab.link(name.value());
                taken.ifPresent(link -> sides.lab.rename(link.index(), inside));
            }
            if (taken.isEmpty()) {
                lend(sides, folder, name, inside);
            } else if (record.isEmpty()) {
                throw new LabRefusal(
                        "the lab has a link " + inside + " that is not " + name, "remove the item, and add it again");
            }
            sides.lab.link(inside.value()).ifPresent(link -> sides.lab.setUp(link.index(), true));
        }
    }

    private static void lend(Sides sides, Path folder, LinkName name, LinkName inside) throws IOException {
        HostLink link = HostLink.require(name);
        new BorrowedLink(name.value(), link.mac(), link.isUp(), inside.value()).write(folder);
        try {
            LinkRequests.move(sides.host, link.index(), sides.namespace, inside);
        } catch (RuntimeException refused) {
            if (sides.lab.link(inside.value()).isEmpty()) {
                BorrowedLink.delete(folder, name.value());
            }
            throw refused;
        }
        LOG.info("link={} was moved into {} as {}", name, sides.namespace, inside);
    }

    /** Gives a link back to the host; does nothing if the lab does not have it. */
    public synchronized void giveBack(String lab, String name) throws IOException {
        giveBack(lab, name, folders.namespace(lab));
    }

    private void giveBack(String lab, String name, Path namespace) throws IOException {
        Optional<BorrowedLink> record = BorrowedLink.read(folders.of(lab), name);
        if (record.isPresent()) {
            try (Sides sides = new Sides(namespace)) {
                giveBack(sides, record.get());
            }
            BorrowedLink.delete(folders.of(lab), name);
        }
    }

    /**
     * Gives back all links that a lab has.
     *
     * @param namespace leads to the namespace in which they are; empty if that is gone, and the kernel took real links back itself
     */
    synchronized void giveBackAll(String lab, Optional<Path> namespace) throws IOException {
        for (String name : names(lab)) {
            if (namespace.isPresent()) {
                giveBack(lab, name, namespace.get());
            } else {
                nameAgain(lab, name);
            }
        }
    }

    /** The kernel takes a real link back with the name that it had in the lab, and down. */
    private void nameAgain(String lab, String name) throws IOException {
        Optional<BorrowedLink> record = BorrowedLink.read(folders.of(lab), name);
        try (RtNetlink host = RtNetlink.open()) {
            Optional<Link> found = record.flatMap(link -> host.link(link.inside())
                    .filter(present -> present.mac().orElse("").equals(link.mac())));
            if (record.isPresent() && found.isPresent()) {
                host.rename(found.get().index(), new LinkName(name));
                host.setUp(found.get().index(), record.get().isUp());
                LOG.info(
                        "link={} came back as {} and has its name again",
                        name,
                        record.get().inside());
            }
        }
        BorrowedLink.delete(folders.of(lab), name);
    }

    /** Returns the names that the links of a lab had on the host. */
    public List<String> names(String lab) throws IOException {
        return BorrowedLink.names(folders.of(lab));
    }

    /** Returns whether a link is in a lab, so that it can be given back. */
    public boolean has(String lab, String name) throws IOException {
        Optional<BorrowedLink> record = BorrowedLink.read(folders.of(lab), name);
        if (record.isEmpty()) {
            return false;
        }
        try (Sides sides = new Sides(folders.namespace(lab))) {
            return sides.lab.link(record.get().inside()).isPresent();
        }
    }

    private static void giveBack(Sides sides, BorrowedLink record) {
        LinkName name = new LinkName(record.name());
        Optional<Link> taken = sides.lab.link(record.inside()).or(() -> sides.lab.link(record.name()));
        if (taken.isPresent()) {
            if (sides.host.link(record.name()).isPresent()) {
                throw new LabRefusal(
                        "the link " + name + " cannot be given back: the host has another link of that name now",
                        "rename the other one: ip link set " + name + " name NAME");
            }
            LinkRequests.move(sides.lab, taken.get().index(), sides.current, name);
        }
        Optional<Link> home = sides.host.link(record.name());
        if (home.isEmpty()) {
            LOG.warn("link={} is neither in the lab nor on the host, and is not given back", name);
            return;
        }
        if (taken.isPresent() && !record.mac().isEmpty()) {
            LinkRequests.setMac(sides.host, home.get().index(), record.mac());
        }
        if (record.isUp() && (taken.isPresent() || HostLink.has(name, record.mac()))) {
            sides.host.setUp(home.get().index(), true);
        }
        LOG.info("link={} was given back", name);
    }

    /** The host's namespace and the lab's. */
    private static final class Sides implements AutoCloseable {
        private final NetworkNamespace current;
        private final NetworkNamespace namespace;
        private final RtNetlink host;
        private final RtNetlink lab;

        Sides(Path namespaceFile) {
            current = NetworkNamespace.current();
            namespace = NetworkNamespace.at(namespaceFile);
            host = RtNetlink.open();
            lab = RtNetlink.open(namespace);
        }

        @Override
        public void close() {
            lab.close();
            host.close();
            namespace.close();
            current.close();
        }
    }
}
