// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Context;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;

/**
 * Containers of Docker as machines of labs. The lab makes a container from an image that Docker has, without a network, and removes it;
 * the links are put into it when it runs.
 *
 * <p>A container whose program ended is {@code ENDED}. One that ended because Docker was stopped, one that was removed by hand, and
 * one that was restarted count as absent, so that they are started again.
 */
public final class DockerMachines implements LabMachines, AutoCloseable {
    /** The digits by which a fact names a container. */
    private static final int ID_SHOWN = 12;

    private final DockerHost docker;
    private final ContainerMachines containers;
    private final EngineEnds ends = new EngineEnds();

    /**
     * Creates them; nothing is asked yet.
     *
     * @param loop the event loop of the connections to Docker
     * @param socket where Docker listens; empty if the agent does not look at Docker
     * @param datapath the kind of switch that labs have, {@code netdev} or {@code system}
     */
    public DockerMachines(Context loop, Optional<Path> socket, LabFolders folders, String datapath) {
        docker = new DockerHost(loop, socket);
        ContainerWires wires = new ContainerWires(
                new EndpointLinks(folders, !datapath.equals("system")),
                "take it off the networks of Docker: docker network disconnect");
        containers = new ContainerMachines(
                folders,
                "docker",
                (lab, files) -> new DockerMachine(docker, wires, lab, files),
                new MachineThreads(
                        "containers of Docker",
                        failure -> failure instanceof EngineException away ? docker.inWords(away) : failure));
    }

    /** Hears of starts and ends of containers and of Docker, on the caller's context, until the subscription is disposed of. */
    public Disposable listen(Bus bus) {
        return new CompositeDisposable(
                bus.subscribe(Address.CONTAINER_STARTED, fact -> ofLab(fact, ends::forget)),
                bus.subscribe(Address.CONTAINER_STOPPED, fact -> ofLab(fact, id -> ends.ended(id, System.nanoTime()))),
                bus.subscribe(Address.CONTAINER_REMOVED, fact -> ofLab(fact, ends::forget)),
                bus.subscribe(Address.SOURCE_LOST, fact -> {
                    if (fact.source() == Source.DOCKER) {
                        ends.lost(System.nanoTime());
                    }
                }),
                bus.subscribe(Address.SOURCE_LISTED, fact -> {
                    if (fact.source() == Source.DOCKER) {
                        ends.listed();
                        containers.changed();
                    }
                }));
    }

    private void ofLab(ContainerEvent fact, Consumer<ContainerId> work) {
        if (fact.container() instanceof EngineContainer container
                && container.id().kind() == Kind.DOCKER
                && container.asked().lab().isPresent()) {
            work.accept(container.id());
            containers.changed(container.asked().lab().get());
        }
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
            Map<String, MachineState> states = new HashMap<>();
            boolean answers = true;
            for (ContainerRecord known : containers.records(lab).values()) {
                containers.add(lab);
                if (known.isAlive()) {
                    states.put(known.item(), MachineState.RUNNING);
                } else if (answers) {
                    try {
                        if (hasEndedByItself(known)) {
                            states.put(known.item(), MachineState.ENDED);
                        }
                    } catch (EngineException away) {
                        // Each question would wait as long as this one.
                        answers = false;
                    }
                }
            }
            return states;
        });
    }

    /** Asks Docker, because the end may have come while no agent was there to hear of it. */
    private boolean hasEndedByItself(ContainerRecord known) throws InterruptedException {
        return known.init() > 0
                && docker.find(known.container())
                        .filter(DockerContainer::hasEnded)
                        .filter(container ->
                                !ends.isWithEngine(Kind.DOCKER.id(container.id().substring(0, ID_SHOWN))))
                        .isPresent();
    }

    @Override
    public Flowable<String> changes() {
        return containers.changes();
    }

    /** Ends the watching. The containers go on. */
    @Override
    public void close() {
        containers.close();
        docker.close();
    }
}
