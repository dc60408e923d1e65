// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.reactivex.rxjava3.core.BackpressureOverflowStrategy;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers of LXC as machines of labs. No start of a container waits for a lab: the links are put into one that runs. A container that is
 * restarted counts as absent until it has its links again.
 *
 * <p>Only a container that the lab made is removed, and only one that the lab started is stopped; the name of the lab in its
 * configuration and the process that started its init tell.
 */
public final class LxcMachines implements LabMachines, AutoCloseable {
    static final String KIND = "lxc";
    private static final Logger LOG = LoggerFactory.getLogger(LxcMachines.class);
    private static final int PARALLEL_MAX = 8;
    private static final int CHANGES_MAX = 4_096;

    private final LxcDriver driver;
    private final LabFolders folders;
    private final ContainerWires wires;
    private final CommandRunner threads = new CommandRunner(PARALLEL_MAX);
    /** Of their own, so that a look does not wait until containers have started. */
    private final CommandRunner looks = new CommandRunner(2);

    private final Map<ContainerId, Long> inits = new ConcurrentHashMap<>();
    private final Set<String> labs = ConcurrentHashMap.newKeySet();
    private final FlowableProcessor<String> changes =
            PublishProcessor.<String>create().toSerialized();

    /**
     * Creates them.
     *
     * @param driver of the containers of plain LXC
     * @param datapath the kind of switch that labs have, {@code netdev} or {@code system}
     */
    public LxcMachines(LxcDriver driver, LabFolders folders, String datapath) {
        this.driver = driver;
        this.folders = folders;
        wires = new ContainerWires(
                new EndpointLinks(folders, !datapath.equals("system")),
                "set lxc.net.0.type = empty in its configuration, and restart it");
    }

    /** Hears of starts and ends of containers, on the caller's context, until the subscription is disposed of. */
    public Disposable listen(Bus bus) {
        return new CompositeDisposable(
                bus.subscribe(
                        Address.CONTAINER_STARTED,
                        fact -> started(fact.container().id(), fact.initPid())),
                bus.subscribe(
                        Address.CONTAINER_STOPPED,
                        fact -> stopped(fact.container().id())));
    }

    void started(ContainerId id, long initPid) {
        inits.put(id, initPid);
        labs.forEach(changes::onNext);
    }

    void stopped(ContainerId id) {
        inits.remove(id);
        labs.forEach(changes::onNext);
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return on(() -> {
            machine(lab).start(item);
            labs.add(lab);
        });
    }

    private LxcMachine machine(String lab) {
        return new LxcMachine(driver, folders, wires, lab);
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return on(() -> machine(lab).stop(item));
    }

    @Override
    public Completable endOther(String lab, String item) {
        return on(() -> {
            for (Map.Entry<Integer, String[]> each : files(lab).all().entrySet()) {
                Optional<ContainerRecord> record = ContainerRecord.read(each.getValue());
                if (record.isPresent() && record.get().item().equals(item)) {
                    machine(lab).stop(each.getKey(), record.get());
                }
            }
        });
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return looks.submit(() -> {
            labs.add(lab);
            Map<String, MachineState> states = new HashMap<>();
            for (String[] lines : files(lab).all().values()) {
                ContainerRecord.read(lines).ifPresent(known -> {
                    long now = inits.getOrDefault(new ContainerId(known.container()), known.init());
                    if (known.isAlive()) {
                        states.put(known.item(), MachineState.RUNNING);
                    } else if (now == known.init()
                            || ContainerRecord.startOf(now).isEmpty()) {
                        states.put(known.item(), MachineState.ENDED);
                    }
                });
            }
            return states;
        });
    }

    @Override
    public Flowable<String> changes() {
        return changes.onBackpressureBuffer(
                CHANGES_MAX,
                () -> LOG.warn("too many changes of containers wait to be heard"),
                BackpressureOverflowStrategy.DROP_OLDEST);
    }

    private MachineFiles files(String lab) {
        return new MachineFiles(folders.of(lab), KIND);
    }

    private interface Work {
        void run() throws IOException;
    }

    private Completable on(Work work) {
        return threads.submit(() -> {
                    work.run();
                    return true;
                })
                .ignoreElement()
                .onErrorResumeNext(failure -> Completable.error(inWords(failure)));
    }

    private static Throwable inWords(Throwable failure) {
        if (failure.getCause() instanceof DriverException refused) {
            return new LabRefusal(refused.getMessage(), refused.remedy());
        }
        return failure instanceof IOException
                ? new LabRefusal("a file of the lab cannot be used: " + failure.getMessage(), "is there space in /run?")
                : failure;
    }

    /** Ends the watching. The containers go on. */
    @Override
    public void close() {
        threads.close();
        looks.close();
        changes.onComplete();
    }
}
