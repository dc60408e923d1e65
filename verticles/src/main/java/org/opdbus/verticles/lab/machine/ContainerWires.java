// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.Ethtool;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.LinkRequests.VethEnd;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.definition.LabRefusal;

/**
 * The links between a lab and a container: veths with one end in the lab's namespace and the other, {@code eth0} and so on, in the
 * container's. The host's namespace never sees them. Every method waits for the kernel.
 *
 * @param remedy what to do about a container that has a network of its own
 */
record ContainerWires(EndpointLinks links, String remedy) {
    /** The near end must not have the machine's address: the same one, but for the first byte. */
    private static final String NEAR_MAC = "06";

    /** Makes what is missing of the links, and sets both ends up. */
    void make(String lab, LabItem item, long initPid) {
        try (NetworkNamespace namespace = NetworkNamespace.ofProcess(initPid);
                NetworkNamespace own = NetworkNamespace.current();
                RtNetlink inLab = links.open(lab);
                RtNetlink inside = RtNetlink.open(namespace)) {
            if (namespace.inode() == own.inode()) {
                throw new LabRefusal(
                        "the container of " + item.name() + " has no network of its own, but the host's", remedy);
            }
            item.endpoints().stream()
                    .filter(endpoint -> !leadsTo(inLab, item.portOf(endpoint), namespace))
                    .forEach(endpoint -> requireFree(inside, item, endpoint));
            item.endpoints().forEach(endpoint -> {
                String port = item.portOf(endpoint);
                if (!leadsTo(inLab, port, namespace)) {
                    remove(inLab, port);
                    VethEnd far = VethEnd.down(inner(endpoint), endpoint.mac());
                    VethEnd near = VethEnd.down(
                            new LinkName(port), NEAR_MAC + endpoint.mac().substring(2));
                    LinkRequests.addVeth(inLab, near, far, namespace);
                }
                raise(inside, inner(endpoint));
            });
            links.raise(inLab, item);
        }
    }

    private static LinkName inner(LabEndpoint endpoint) {
        return new LinkName("eth" + endpoint.number());
    }

    private static boolean leadsTo(RtNetlink inLab, String port, NetworkNamespace namespace) {
        int id = inLab.namespaceIdOf(namespace);
        return id != Link.NO_NAMESPACE
                && inLab.link(port).filter(link -> link.peerNamespace() == id).isPresent();
    }

    private void requireFree(RtNetlink inside, LabItem item, LabEndpoint endpoint) {
        LinkName name = inner(endpoint);
        if (inside.link(name.value()).isPresent()) {
            throw new LabRefusal("the container of " + item.name() + " has a link " + name + " already", remedy);
        }
    }

    private void raise(RtNetlink inside, LinkName name) {
        Optional<Link> link = inside.link(name.value());
        if (link.isPresent()) {
            if (links.finishChecksums()) {
                Ethtool.disableTransmitChecksum(inside, name);
            }
            inside.setUp(link.get().index(), true);
        }
    }

    /** Removes the links of an item, also those inside the container. They went with the lab's namespace if that is gone. */
    void remove(String lab, LabItem item) {
        if (links.hasNamespace(lab)) {
            try (RtNetlink inLab = links.open(lab)) {
                item.endpoints().forEach(endpoint -> remove(inLab, item.portOf(endpoint)));
            }
        }
    }

    /** Removes the links of an item of which only the number is known. */
    void remove(String lab, int id) {
        String prefix = LabNames.endpoint(id, 0).replaceAll("0$", "");
        if (links.hasNamespace(lab)) {
            try (RtNetlink inLab = links.open(lab)) {
                inLab.links().stream()
                        .map(link -> link.name().value())
                        .filter(name -> name.startsWith(prefix))
                        .forEach(name -> remove(inLab, name));
            }
        }
    }

    private static void remove(RtNetlink inLab, String port) {
        inLab.link(port).ifPresent(link -> LinkRequests.delete(inLab, link.index()));
    }
}
