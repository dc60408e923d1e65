// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.netlink.Ethtool;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.LinkRequests.VethEnd;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;

/**
 * Lines that delay, lose and limit frames, in the kernel and within the lab's namespace. Each endpoint is one end of a veth pair, and a
 * Linux bridge joins the other ends, which have the queueing disciplines: Open vSwitch removes those of its own ports. Both directions
 * are alike. The first endpoint gets its alias last.
 */
public final class A2bMachines implements LabMachines, AutoCloseable {
    private static final String WORD = "a2b";

    private final LabFolders folders;
    private final boolean finishChecksums;
    private final CommandRunner threads = new CommandRunner();
    private final LineDiscipline discipline = new LineDiscipline(threads);

    /**
     * Creates them.
     *
     * @param datapath the kind of switch that labs have; {@code netdev} does not finish checksums, so the links must do it
     */
    public A2bMachines(LabFolders folders, String datapath) {
        this.folders = folders;
        finishChecksums = !datapath.equals("system");
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return threads.submit(() -> {
                    startNow(folders.namespace(lab), item);
                    return item;
                })
                .ignoreElement();
    }

    private void startNow(Path namespaceFile, LabItem item) throws Exception {
        A2b line = (A2b) item.machine();
        LineDiscipline.require(line);
        LinkName first = ports(item).get(0);
        try (NetworkNamespace namespace = NetworkNamespace.at(namespaceFile);
                RtNetlink inside = RtNetlink.open(namespace)) {
            boolean isFinished = FinishedLinks.find(namespace, first)
                    .filter(link -> link.alias().equals(FinishedLinks.alias(WORD, item)))
                    .isPresent();
            if (!isFinished) {
                remove(inside, item);
                make(inside, namespace, item);
            }
            try {
                for (LinkName port : ports(item)) {
                    discipline.set(namespaceFile, inner(port), line);
                }
            } catch (Exception refused) {
                remove(inside, item);
                throw refused;
            }
            LinkRequests.setAlias(inside, FinishedLinks.index(inside, first), FinishedLinks.alias(WORD, item));
        }
    }

    private void make(RtNetlink inside, NetworkNamespace namespace, LabItem item) {
        LinkName bridge = bridge(item);
        LinkRequests.addBridge(inside, bridge);
        int joined = FinishedLinks.index(inside, bridge);
        for (LinkName port : ports(item)) {
            VethEnd near = new VethEnd(port, FinishedLinks.randomMac());
            LinkRequests.addVeth(inside, near, new VethEnd(inner(port), FinishedLinks.randomMac()), namespace);
            int inner = FinishedLinks.index(inside, inner(port));
            LinkRequests.setMaster(inside, inner, joined);
            if (finishChecksums) {
                Ethtool.disableTransmitChecksum(inside, port);
                Ethtool.disableTransmitChecksum(inside, inner(port));
            }
            inside.setUp(inner, true);
            inside.setUp(FinishedLinks.index(inside, port), true);
        }
        inside.setUp(joined, true);
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return threads.submit(() -> {
                    stopNow(folders.namespace(lab), item);
                    return item;
                })
                .ignoreElement();
    }

    private static void stopNow(Path namespaceFile, LabItem item) {
        if (Files.exists(namespaceFile)) {
            try (NetworkNamespace namespace = NetworkNamespace.at(namespaceFile);
                    RtNetlink inside = RtNetlink.open(namespace)) {
                remove(inside, item);
            }
        }
    }

    private static void remove(RtNetlink inside, LabItem item) {
        Stream.concat(ports(item).stream(), Stream.of(bridge(item)))
                .flatMap(name -> inside.link(name.value()).stream())
                .forEach(link -> LinkRequests.delete(inside, link.index()));
    }

    private static List<LinkName> ports(LabItem item) {
        return item.endpoints().stream()
                .map(endpoint -> new LinkName(item.portOf(endpoint)))
                .toList();
    }

    /** The other end of the veth pair of an endpoint. */
    private static LinkName inner(LinkName port) {
        return new LinkName("a" + port);
    }

    private static LinkName bridge(LabItem item) {
        return new LinkName("a2b_" + item.id());
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
