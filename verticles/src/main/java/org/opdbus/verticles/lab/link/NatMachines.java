// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;

/**
 * Ways out of labs: slirp4netns(1) takes the frames of a TAP in the lab's namespace, and opens connections of its own on the host for
 * them. The host forwards nothing, and its firewall and settings stay as they are. A lab reaches no loopback address of the host.
 *
 * <p>The way out has the address 10.0.2.2, answers DNS at 10.0.2.3, and gives out an address by DHCP. When its process ends, the TAP
 * vanishes.
 */
public final class NatMachines implements LabMachines, AutoCloseable {
    private static final String WORD = "nat";
    private static final String PROGRAM = "slirp4netns";
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration START_MAX = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final LabProcesses processes;
    private final LabFolders folders;
    private final CommandRunner threads = new CommandRunner();

    /**
     * Creates them.
     *
     * @param processes starts and finds the processes of labs; this does not close it
     */
    public NatMachines(LabProcesses processes, LabFolders folders) {
        this.processes = processes;
        this.folders = folders;
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return threads.submit(() -> {
                    startNow(lab, item);
                    return item;
                })
                .ignoreElement();
    }

    private void startNow(String lab, LabItem item) throws InterruptedException {
        if (!CommandRunner.isInstalled(PROGRAM)) {
            throw new LabRefusal("nat needs " + PROGRAM + ", which is not on this host", "apt-get install " + PROGRAM);
        }
        LinkName port = port(item);
        LabProcess unused = processes
                .start(lab, role(item), command(folders.namespace(lab), port))
                .timeout(START_MAX.toSeconds(), TimeUnit.SECONDS)
                .blockingGet();
        try (NetworkNamespace namespace = NetworkNamespace.at(folders.namespace(lab));
                RtNetlink inside = RtNetlink.open(namespace)) {
            int index = awaitTap(lab, namespace, port, item);
            inside.setUp(index, true);
            LinkRequests.setAlias(inside, index, FinishedLinks.alias(WORD, item));
        }
    }

    /** A process of a lab is started in the lab's namespace; this one belongs in the host's, and enters the lab's by itself. */
    private static List<String> command(Path namespaceFile, LinkName port) {
        Path host = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "ns", "net");
        return List.of(
                "nsenter",
                "--net=" + host,
                "--",
                PROGRAM,
                "--disable-host-loopback",
                "--enable-sandbox",
                "--netns-type=path",
                namespaceFile.toString(),
                port.value());
    }

    private int awaitTap(String lab, NetworkNamespace namespace, LinkName port, LabItem item)
            throws InterruptedException {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        Optional<ListedLink> tap = FinishedLinks.find(namespace, port);
        while (tap.isEmpty()) {
            boolean runs = processes.running(lab).blockingGet().stream()
                    .anyMatch(process -> process.role().equals(role(item)));
            if (!runs || System.nanoTime() - deadline > 0) {
                throw new LabRefusal(
                        PROGRAM + (runs ? " makes no TAP for " : " ended at once for ") + item.name(),
                        "see " + folders.of(lab).resolve(role(item) + ".log"));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("cancelled while waiting for " + PROGRAM);
            }
            // The program tells on a file descriptor that it is ready, which a process of a lab does not inherit.
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            tap = FinishedLinks.find(namespace, port);
        }
        return tap.get().index();
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return Completable.defer(() ->
                Files.isDirectory(folders.of(lab)) ? processes.end(lab, role(item), GRACE) : Completable.complete());
    }

    private static LinkName port(LabItem item) {
        return new LinkName(item.portOf(item.endpoints().get(0)));
    }

    private static String role(LabItem item) {
        return WORD + "-" + item.id();
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return threads.submit(() -> FinishedLinks.states(folders.namespace(lab), WORD));
    }

    @Override
    public Flowable<String> changes() {
        return processes
                .ended()
                .filter(process -> process.role().startsWith(WORD + "-"))
                .map(LabProcess::lab);
    }

    @Override
    public void close() {
        threads.close();
    }
}
