// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;

/**
 * Containers of LXC as machines of labs. No start of a container waits for a lab: the links are put into one that runs. A container that is
 * restarted counts as absent until it has its links again.
 *
 * <p>Only a container that the lab made is removed, and only one that the lab started is stopped; the name of the lab in its
 * configuration and the process that started its init tell.
 */
public final class LxcMachines implements LabMachines, AutoCloseable {
    private final ContainerMachines containers;
    private final Map<ContainerId, Long> inits = new ConcurrentHashMap<>();

    /**
     * Creates them.
     *
     * @param driver of the containers of plain LXC
     * @param datapath the kind of switch that labs have, {@code netdev} or {@code system}
     */
    public LxcMachines(LxcDriver driver, LabFolders folders, String datapath) {
        ContainerWires wires = new ContainerWires(
                new EndpointLinks(folders, !datapath.equals("system")),
                "set lxc.net.0.type = empty in its configuration, and restart it");
        containers = new ContainerMachines(
                folders,
                "lxc",
                (lab, files) -> new LxcMachine(driver, wires, lab, files),
                new MachineThreads("containers", LxcMachines::inWords));
    }

    private static Throwable inWords(Throwable failure) {
        return failure.getCause() instanceof DriverException refused
                ? new LabRefusal(refused.getMessage(), refused.remedy())
                : failure;
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
        containers.changed();
    }

    void stopped(ContainerId id) {
        inits.remove(id);
        containers.changed();
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return containers.start(lab, item);
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return containers.stop(lab, item);
    }

    @Override
    public Completable endOther(String lab, String item) {
        return containers.endOther(lab, item);
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return containers.look(() -> {
            containers.add(lab);
            Map<String, MachineState> states = new HashMap<>();
            for (ContainerRecord known : containers.records(lab).values()) {
                long now = inits.getOrDefault(new ContainerId(known.container()), known.init());
                if (known.isAlive()) {
                    states.put(known.item(), MachineState.RUNNING);
                } else if (now == known.init() || ContainerRecord.startOf(now).isEmpty()) {
                    states.put(known.item(), MachineState.ENDED);
                }
            }
            return states;
        });
    }

    @Override
    public Flowable<String> changes() {
        return containers.changes();
    }

    /** Ends the watching. The containers go on. */
    @Override
    public void close() {
        containers.close();
    }
}
