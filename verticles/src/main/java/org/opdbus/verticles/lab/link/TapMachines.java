// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.netlink.Ethtool;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.LinkRequests.VethEnd;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;

/**
 * Taps: a veth pair of which one end is in a lab's namespace from the beginning, and the other one is a link of the host with the
 * name of the item. The host's end has the alias {@code op-dbus lab NET}. The lab's end has the alias {@code tap NAME}, which is set
 * when the pair is finished; by it a tap is known, wherever the user has moved the other end. Removing the lab's end removes both.
 */
public final class TapMachines implements LabMachines, AutoCloseable {
    private static final String WORD = "tap";
    private final LabFolders folders;
    private final boolean finishChecksums;
    private final CommandRunner threads = new CommandRunner();

    /**
     * Creates them.
     *
     * @param datapath the kind of switch that labs have; {@code netdev} does not finish checksums, so the links must do it
     */
    public TapMachines(LabFolders folders, String datapath) {
        this.folders = folders;
        finishChecksums = !datapath.equals("system");
    }

    /** Returns the name of an item as that of a link of the host; refuses one that no link can have. */
    static LinkName linkName(String item) {
        if (!LinkName.isValid(item)) {
            throw new LabRefusal(
                    "\"" + item + "\" cannot be the name of a link of the host",
                    "use at most " + LinkName.BYTES_MAX + " letters, digits, dots, dashes or underscores");
        }
        return new LinkName(item);
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return threads.submit(() -> {
                    startNow(lab, item);
                    return item;
                })
                .ignoreElement();
    }

    private void startNow(String lab, LabItem item) {
        LinkName name = linkName(item.name());
        LinkName port = new LinkName(item.portOf(item.endpoints().get(0)));
        try (NetworkNamespace home = NetworkNamespace.current();
                NetworkNamespace namespace = NetworkNamespace.at(folders.namespace(lab));
                RtNetlink host = RtNetlink.open();
                RtNetlink inside = RtNetlink.open(namespace)) {
            Optional<ListedLink> present = FinishedLinks.find(namespace, port);
            if (present.isPresent() && present.get().alias().equals(FinishedLinks.alias(WORD, item))) {
                inside.setUp(present.get().index(), true);
                return;
            }
            // An agent that was killed left half of it.
            present.ifPresent(link -> LinkRequests.delete(inside, link.index()));
            VethEnd far = VethEnd.down(name, item.endpoints().get(0).mac());
            add(inside, VethEnd.down(port, FinishedLinks.randomMac()), far, home);
            int outer = FinishedLinks.index(host, name);
            int inner = FinishedLinks.index(inside, port);
            LinkRequests.setAlias(host, outer, "op-dbus lab " + lab);
            if (finishChecksums) {
                Ethtool.disableTransmitChecksum(host, name);
                Ethtool.disableTransmitChecksum(inside, port);
            }
            host.setUp(outer, true);
            inside.setUp(inner, true);
            LinkRequests.setAlias(inside, inner, FinishedLinks.alias(WORD, item));
        }
    }

    private static void add(RtNetlink inside, VethEnd near, VethEnd far, NetworkNamespace home) {
        try {
            LinkRequests.addVeth(inside, near, far, home);
        } catch (NetlinkException refused) {
            if (refused.reason() == Reason.EXISTS) {
                throw new LabRefusal(
                        "the host has a link " + far.name() + " already, which is left alone",
                        "use another name for the tap, or rename that link");
            }
            throw refused;
        }
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return threads.submit(() -> {
                    stopNow(folders.namespace(lab), item.portOf(item.endpoints().get(0)));
                    return item;
                })
                .ignoreElement();
    }

    /** A namespace that is gone took the pair with it. */
    private static void stopNow(Path namespaceFile, String port) {
        if (!Files.exists(namespaceFile)) {
            return;
        }
        try (NetworkNamespace namespace = NetworkNamespace.at(namespaceFile);
                RtNetlink inside = RtNetlink.open(namespace)) {
            Optional<Link> present = inside.link(port);
            present.ifPresent(link -> LinkRequests.delete(inside, link.index()));
        }
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return threads.submit(() -> FinishedLinks.states(folders.namespace(lab), WORD));
    }

    /** A link that vanishes is heard of by what watches the links of the namespace. */
    @Override
    public Flowable<String> changes() {
        return Flowable.never();
    }

    @Override
    public void close() {
        threads.close();
    }
}
