// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.act;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.Ethtool;
import org.opdbus.verticles.kernel.netlink.LinkChanges;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.lab.plan.LabPicture.LabLink;

/** The links in the namespace of one lab. Every method waits for the kernel. For one caller's thread. */
public final class LabLinks implements AutoCloseable {
    private static final String ENDPOINT = "_k_";

    private final Path namespace;
    private final LinkEars ears;
    private final Runnable changed;
    private @Nullable LinkChanges heard;
    private long heardIn;

    /**
     * What is there.
     *
     * @param indices their indices by name
     */
    public record Listing(Map<String, LabLink> links, Map<String, Integer> indices) {
        public Listing {
            links = Map.copyOf(links);
            indices = Map.copyOf(indices);
        }
    }

    /**
     * Creates it.
     *
     * @param namespace the file to which the namespace is bound
     * @param changed called after each change of a link there
     */
    public LabLinks(Path namespace, LinkEars ears, Runnable changed) {
        this.namespace = namespace;
        this.ears = ears;
        this.changed = changed;
    }

    /** Returns the links, and hears of their changes from before on. */
    public Listing list() {
        try (NetworkNamespace inside = NetworkNamespace.at(namespace)) {
            listen(inside);
            try (RtNetlink kernel = RtNetlink.open(inside)) {
                Map<String, LabLink> links = new HashMap<>();
                Map<String, Integer> indices = new HashMap<>();
                for (Link link : kernel.links()) {
                    String name = link.name().value();
                    indices.put(name, link.index());
                    links.put(
                            name,
                            new LabLink(
                                    name,
                                    link.kind(),
                                    link.mac().orElse(""),
                                    link.up(),
                                    finishes(kernel, link.name())));
                }
                return new Listing(links, indices);
            }
        } catch (NetlinkException e) {
            throw new LabActFailure("could not list the links of the lab: " + e.getMessage(), e);
        }
    }

    /** Another namespace of the same name is that of a lab that was stopped and started by another hand. */
    private void listen(NetworkNamespace inside) {
        long inode = inside.inode();
        if (heard == null || heardIn != inode) {
            close();
            LinkChanges changes = LinkChanges.in(inside);
            ears.add(changes, changed);
            heard = changes;
            heardIn = inode;
        }
    }

    private static boolean finishes(RtNetlink kernel, LinkName name) {
        if (!name.value().startsWith(ENDPOINT)) {
            return true;
        }
        try {
            return !Ethtool.transmitChecksum(kernel, name);
        } catch (NetlinkException gone) {
            // Its end will be heard of.
            return true;
        }
    }

    /** Sets a link up, and makes it finish the checksums of what it sends if that is asked for. */
    public void raise(String name, boolean finishChecksums) {
        try (NetworkNamespace inside = NetworkNamespace.at(namespace);
                RtNetlink kernel = RtNetlink.open(inside)) {
            Link link = kernel.link(name).orElseThrow(() -> new LabActFailure("the link " + name + " is gone"));
            if (finishChecksums) {
                Ethtool.disableTransmitChecksum(kernel, link.name());
            }
            kernel.setUp(link.index(), true);
        } catch (NetlinkException e) {
            throw new LabActFailure("could not set the link " + name + " up: " + e.getMessage(), e);
        }
    }

    /** Hears no more: an open socket would keep the namespace alive. */
    @Override
    public void close() {
        if (heard != null) {
            ears.remove(heard);
            heard = null;
        }
    }
}
