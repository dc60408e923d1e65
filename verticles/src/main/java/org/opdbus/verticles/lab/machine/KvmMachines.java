// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Kvm;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Virtual machines of qemu. A machine runs in the lab's namespace, where qemu opens a TAP for each endpoint, and outlives the agent.
 * Qemu runs as {@code nobody} once it has opened everything.
 *
 * <p>The image of a machine is never written: what the machine writes goes to a file without a name in {@code /var/tmp} ({@code
 * snapshot=on} of qemu), and is gone when qemu ends. So several machines can have the same image, and nothing is left behind by one
 * that is killed.
 *
 * <p>A machine that is switched off from within is {@code ENDED} and stays so until it is started again by {@link #start}. A qemu that ends in any
 * other way is a failure: the machine counts as {@code CHANGING} for a pause that grows with each failure in a row, and then as
 * absent, so that it is started again.
 */
public final class KvmMachines implements LabMachines, AutoCloseable {
    static final String KIND = "kvm";

    private static final Logger LOG = LoggerFactory.getLogger(KvmMachines.class);
    private static final Pattern ROLE = Pattern.compile("kvm-([0-9]{1,3})");

    private final LabProcesses processes;
    private final LabFolders folders;
    private final EndpointLinks links;
    private final MachineThreads threads = new MachineThreads("machines", UnaryOperator.identity());
    private final Map<String, KvmMachine> machines = new ConcurrentHashMap<>();
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final AccelerationChoice acceleration;

    /**
     * Creates them.
     *
     * @param processes starts and finds the processes of labs; this does not close it
     * @param datapath the kind of switch that labs have, {@code netdev} or {@code system}
     */
    public KvmMachines(LabProcesses processes, LabFolders folders, String datapath) {
        this(processes, folders, datapath, new AccelerationChoice());
    }

    KvmMachines(LabProcesses processes, LabFolders folders, String datapath, AccelerationChoice acceleration) {
        this.processes = processes;
        this.folders = folders;
        this.acceleration = acceleration;
        links = new EndpointLinks(folders, !datapath.equals("system"));
        subscriptions.add(processes
                .ended()
                .subscribe(this::ended, failure -> LOG.error("ends of machines are not heard any more", failure)));
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return on(lab, item.id(), machine -> {
            if (!(item.machine() instanceof Kvm kvm)) {
                throw new IllegalArgumentException(item.name() + " is no virtual machine");
            }
            machine.start(item, kvm);
            links(lab, item);
        });
    }

    private void links(String lab, LabItem item) {
        try (var inside = links.open(lab)) {
            links.raise(inside, item);
        }
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return on(lab, item.id(), KvmMachine::stop);
    }

    @Override
    public Completable endOther(String lab, String item) {
        return threads.look(() -> files(lab).all())
                .flattenAsFlowable(Map::entrySet)
                .filter(each -> each.getValue()[0].equals(item))
                .flatMapCompletable(each -> on(lab, each.getKey(), KvmMachine::stop));
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return threads.look(() -> {
            Map<String, MachineState> states = new HashMap<>();
            List<LabProcess> running = processes.running(lab).blockingGet();
            for (Map.Entry<Integer, String[]> item : files(lab).all().entrySet()) {
                boolean runs = running.stream()
                        .anyMatch(process -> process.role().equals(files(lab).role(item.getKey())));
                machine(lab, item.getKey())
                        .state(runs, item.getValue())
                        .ifPresent(state -> states.put(item.getValue()[0], state));
            }
            return states;
        });
    }

    @Override
    public Flowable<String> changes() {
        return threads.changes();
    }

    private void ended(LabProcess process) {
        Matcher role = ROLE.matcher(process.role());
        if (role.matches()) {
            String lab = process.lab();
            int id = Integer.parseInt(role.group(1));
            machine(lab, id).ended(process.pid()).ifPresent(pauseMs -> {
                LOG.warn(
                        "lab={} machine={} qemu ended by itself: {}",
                        lab,
                        id,
                        files(lab).said(id));
                subscriptions.add(
                        Completable.timer(pauseMs, TimeUnit.MILLISECONDS).subscribe(() -> {
                            machine(lab, id).pauseEnded();
                            threads.changed(lab);
                        }));
            });
            threads.changed(lab);
        }
    }

    private KvmMachine machine(String lab, int id) {
        return machines.computeIfAbsent(
                lab + " " + id,
                key -> new KvmMachine(
                        lab,
                        id,
                        new KvmMachine.Ground(processes, files(lab), links.finishChecksums(), acceleration),
                        () -> switchedOff(lab, id)));
    }

    private MachineFiles files(String lab) {
        return new MachineFiles(folders.of(lab), KIND);
    }

    /** Called by the thread of a machine's monitor, which must not wait for the end of the machine. */
    private void switchedOff(String lab, int id) {
        subscriptions.add(on(lab, id, KvmMachine::takeNoteOfEnd)
                .subscribe(
                        () -> threads.changed(lab),
                        failure -> LOG.warn(
                                "lab={} machine={} was switched off, but its qemu goes on: {}",
                                lab,
                                id,
                                failure.getMessage())));
    }

    private interface Work {
        void on(KvmMachine machine) throws IOException, InterruptedException;
    }

    /** Runs work on a machine, one after the other for one machine. */
    private Completable on(String lab, int id, Work work) {
        return threads.run(() -> {
            KvmMachine machine = machine(lab, id);
            synchronized (machine) {
                work.on(machine);
            }
        });
    }

    /** Ends the watching. The machines go on. */
    @Override
    public void close() {
        subscriptions.dispose();
        machines.values().forEach(KvmMachine::forget);
        threads.close();
    }
}
