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
import io.vertx.core.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers of Docker as machines of labs. The lab makes a container from an image that Docker has, without a network, and removes it;
 * the links are put into it when it runs.
 *
 * <p>A container whose program ended is {@code ENDED}. One that ended because Docker was stopped, one that was removed by hand, and
 * one that was restarted count as absent, so that they are started again.
 */
public final class DockerMachines implements LabMachines, AutoCloseable {
    static final String KIND = "docker";
    private static final Logger LOG = LoggerFactory.getLogger(DockerMachines.class);
    private static final int PARALLEL_MAX = 8;
    private static final int CHANGES_MAX = 4_096;
    /** The digits by which a fact names a container. */
    private static final int ID_SHOWN = 12;

    private final DockerHost docker;
    private final LabFolders folders;
    private final ContainerWires wires;
    private final CommandRunner threads = new CommandRunner(PARALLEL_MAX);
    /** Of their own, so that a look does not wait until containers have started. */
    private final CommandRunner looks = new CommandRunner(2);

    private final EngineEnds ends = new EngineEnds();
    private final Set<String> labs = ConcurrentHashMap.newKeySet();
    private final FlowableProcessor<String> changes =
            PublishProcessor.<String>create().toSerialized();

    /**
     * Creates them; nothing is asked yet.
     *
     * @param loop the event loop of the connections to Docker
     * @param socket where Docker listens; empty if the agent does not look at Docker
     * @param datapath the kind of switch that labs have, {@code netdev} or {@code system}
     */
    public DockerMachines(Context loop, Optional<Path> socket, LabFolders folders, String datapath) {
        this.folders = folders;
        docker = new DockerHost(loop, socket);
        wires = new ContainerWires(
                new EndpointLinks(folders, !datapath.equals("system")),
                "take it off the networks of Docker: docker network disconnect");
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
                        labs.forEach(changes::onNext);
                    }
                }));
    }

    private void ofLab(ContainerEvent fact, Consumer<ContainerId> work) {
        if (fact.container() instanceof EngineContainer container
                && container.id().kind() == Kind.DOCKER
                && container.asked().lab().isPresent()) {
            work.accept(container.id());
            changes.onNext(container.asked().lab().get());
        }
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return on(() -> {
            machine(lab).start(item);
            labs.add(lab);
        });
    }

    private DockerMachine machine(String lab) {
        return new DockerMachine(docker, folders, wires, lab);
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
            Map<String, MachineState> states = new HashMap<>();
            boolean answers = true;
            for (String[] lines : files(lab).all().values()) {
                labs.add(lab);
                Optional<ContainerRecord> known = ContainerRecord.read(lines);
                if (known.isPresent() && known.get().isAlive()) {
                    states.put(known.get().item(), MachineState.RUNNING);
                } else if (known.isPresent() && answers) {
                    try {
                        if (hasEndedByItself(known.get())) {
                            states.put(known.get().item(), MachineState.ENDED);
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
        return changes.onBackpressureBuffer(
                CHANGES_MAX,
                () -> LOG.warn("too many changes of containers of Docker wait to be heard"),
                BackpressureOverflowStrategy.DROP_OLDEST);
    }

    private MachineFiles files(String lab) {
        return new MachineFiles(folders.of(lab), KIND);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private Completable on(Work work) {
        return threads.submit(() -> {
                    work.run();
                    return true;
                })
                .ignoreElement()
                .onErrorResumeNext(failure -> Completable.error(inWords(failure)));
    }

    private Throwable inWords(Throwable failure) {
        if (failure instanceof EngineException away) {
            return docker.inWords(away);
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
        docker.close();
        changes.onComplete();
    }
}
