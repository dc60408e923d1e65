// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.netlink.LinkRequests;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.packet.Tap;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;

/**
 * Lines that delay, lose and limit frames. Each endpoint is a TAP that stays when its program ends, and one process a lab moves the
 * frames of all lines; see {@link org.opdbus.verticles.lab.line}. Both directions are alike. The first endpoint gets its alias last.
 */
public final class A2bMachines implements LabMachines, AutoCloseable {
    private static final String WORD = "a2b";
    private static final Pattern FIRST_PORT = Pattern.compile("_k_([0-9]{1,3})_0");

    private final LabFolders folders;
    private final LineOrders orders;
    private final Flowable<LabProcess> ended;
    private final CommandRunner threads = new CommandRunner();
    /** The process of a lab ends with the last line, and another line may be about to begin. */
    private final Map<String, Object> turns = new ConcurrentHashMap<>();

    /**
     * Creates them.
     *
     * @param processes starts and finds the processes of labs; this does not close it
     */
    public A2bMachines(LabProcesses processes, LabFolders folders) {
        this.folders = folders;
        orders = new LineOrders(processes, folders);
        ended = processes.ended();
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return inTurn(lab, item.name(), () -> startNow(lab, item));
    }

    private void startNow(String lab, LabItem item) throws IOException {
        LinkName first = ports(item).get(0);
        try (NetworkNamespace namespace = NetworkNamespace.at(folders.namespace(lab));
                RtNetlink inside = RtNetlink.open(namespace)) {
            boolean isNew = !isFinished(namespace, inside, item);
            try {
                if (isNew) {
                    remove(inside, ports(item));
                    make(inside, namespace, item);
                }
                orders.give(lab, item.id(), (A2b) item.machine(), isNew);
                if (isNew) {
                    LinkRequests.setAlias(inside, FinishedLinks.index(inside, first), FinishedLinks.alias(WORD, item));
                }
            } catch (IOException | RuntimeException failure) {
                if (isNew) {
                    remove(inside, ports(item));
                    takeBack(lab, item, failure);
                }
                throw failure;
            }
        }
    }

    private void takeBack(String lab, LabItem item, Exception failure) {
        try {
            orders.takeBack(lab, item.id());
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private static boolean isFinished(NetworkNamespace namespace, RtNetlink inside, LabItem item) {
        return FinishedLinks.find(namespace, ports(item).get(0))
                        .filter(link -> link.alias().equals(FinishedLinks.alias(WORD, item)))
                        .isPresent()
                && ports(item).stream()
                        .allMatch(port -> inside.link(port.value()).isPresent());
    }

    private static void make(RtNetlink inside, NetworkNamespace namespace, LabItem item) {
        for (LinkName port : ports(item)) {
            try {
                Tap.make(namespace, port);
            } catch (IOException failure) {
                throw new LabRefusal(
                        "a line needs a TAP: " + failure.getMessage(), "if /dev/net/tun is missing: modprobe tun");
            }
            inside.setUp(FinishedLinks.index(inside, port), true);
        }
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return inTurn(lab, item.name(), () -> stopNow(lab, item.id(), ports(item)));
    }

    /** A line is the lab's if its link has the alias that the agent gives, and an order of the agent is there. */
    @Override
    public Completable endOther(String lab, String item) {
        return inTurn(lab, item, () -> {
            Optional<Integer> id = Optional.ofNullable(
                            FinishedLinks.links(folders.namespace(lab), WORD).get(item))
                    .flatMap(A2bMachines::id);
            if (id.isPresent() && orders.isGiven(lab, id.get())) {
                stopNow(lab, id.get(), List.of(port(id.get(), 0), port(id.get(), 1)));
            }
        });
    }

    private void stopNow(String lab, int id, List<LinkName> ports) throws IOException {
        orders.takeBack(lab, id);
        Path namespaceFile = folders.namespace(lab);
        if (Files.exists(namespaceFile)) {
            try (NetworkNamespace namespace = NetworkNamespace.at(namespaceFile);
                    RtNetlink inside = RtNetlink.open(namespace)) {
                remove(inside, ports);
            }
        }
    }

    private static void remove(RtNetlink inside, List<LinkName> ports) {
        ports.stream()
                .flatMap(name -> inside.link(name.value()).stream())
                .forEach(link -> LinkRequests.delete(inside, link.index()));
    }

    private static List<LinkName> ports(LabItem item) {
        return item.endpoints().stream()
                .map(endpoint -> new LinkName(item.portOf(endpoint)))
                .toList();
    }

    private static LinkName port(int id, int number) {
        return new LinkName("_k_" + id + "_" + number);
    }

    private static Optional<Integer> id(ListedLink first) {
        Matcher port = FIRST_PORT.matcher(first.name());
        return port.matches() ? Optional.of(Integer.valueOf(port.group(1))) : Optional.empty();
    }

    private Completable inTurn(String lab, String item, LineWork work) {
        return threads.submit(() -> {
                    synchronized (turns.computeIfAbsent(lab, any -> new Object())) {
                        work.run();
                    }
                    return item;
                })
                .ignoreElement();
    }

    /** Work that waits. */
    @FunctionalInterface
    private interface LineWork {
        void run() throws IOException;
    }

    /** A line runs if its links are there and its process has said that it moves their frames. */
    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return settings(lab).map(settings -> {
            Map<String, MachineState> states = new HashMap<>();
            settings.keySet().forEach(name -> states.put(name, MachineState.RUNNING));
            return Map.copyOf(states);
        });
    }

    @Override
    public Single<Map<String, LabMachine>> settings(String lab) {
        return threads.submit(() -> {
            Optional<Long> process = orders.process(lab);
            Map<String, LabMachine> settings = new HashMap<>();
            if (process.isPresent()) {
                for (Map.Entry<String, ListedLink> each :
                        FinishedLinks.links(folders.namespace(lab), WORD).entrySet()) {
                    Optional<Integer> id = id(each.getValue());
                    if (id.isPresent()) {
                        orders.obeyed(lab, id.get(), process.get())
                                .ifPresent(line -> settings.put(each.getKey(), line));
                    }
                }
            }
            return Map.copyOf(settings);
        });
    }

    /** What watches the links of the namespace hears of one that vanishes. */
    @Override
    public Flowable<String> changes() {
        return ended.filter(process -> process.role().equals(LineOrders.ROLE)).map(LabProcess::lab);
    }

    @Override
    public void close() {
        threads.close();
    }
}
