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
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.driver.lxc.LxcDriver.LabContainer;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Lxc;
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
 * configuration and the start time of its init tell.
 */
public final class LxcMachines implements LabMachines, AutoCloseable {
    private static final String KIND = "lxc";
    private static final Logger LOG = LoggerFactory.getLogger(LxcMachines.class);
    private static final int PARALLEL_MAX = 8;
    private static final int CHANGES_MAX = 4_096;
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final String OURS = "started";

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
        wires = new ContainerWires(new EndpointLinks(folders, !datapath.equals("system")));
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

    /** What the lab's folder says of an item: its name, its container, its init, when that was started, and by whom. */
    private record Known(String item, String container, long init, String started, boolean ours) {
        static Optional<Known> of(String[] lines) {
            return lines.length > 4 && lines[2].matches("[0-9]{1,10}")
                    ? Optional.of(
                            new Known(lines[0], lines[1], Long.parseLong(lines[2]), lines[3], lines[4].equals(OURS)))
                    : Optional.empty();
        }

        boolean isAlive() {
            return isInit(init);
        }

        /** Returns whether this process is the init that the item was given its links in. */
        boolean isInit(long pid) {
            return pid == init && startOf(pid).equals(started);
        }
    }

    private static String startOf(long pid) {
        return ProcessStat.of(pid)
                .filter(ProcessStat::isAlive)
                .map(ProcessStat::started)
                .orElse("");
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return on(() -> startNow(lab, item));
    }

    private void startNow(String lab, LabItem item) throws IOException {
        Lxc lxc = lxc(item);
        ContainerId id = new ContainerId(lxc.container());
        LabContainer before = present(lab, lxc, id);
        MachineFiles files = files(lab);
        Optional<Known> known = files.read(item.id()).flatMap(Known::of);
        if (before.initPid().isEmpty()) {
            before.network().filter(type -> !type.equals("empty")).ifPresent(type -> {
                throw new LabRefusal(
                        "the container " + id + " has a network of its own (lxc.net.0.type = " + type + ")",
                        "set lxc.net.0.type = empty in its configuration, without the other keys of lxc.net.0");
            });
            driver.start(id).blockingAwait();
        }
        long init = before.initPid()
                .or(() -> look(id).initPid())
                .orElseThrow(() -> new LabRefusal("the container " + id + " ended at once", "see its log"));
        boolean ours = before.initPid().isEmpty()
                || known.filter(Known::ours).filter(old -> old.isInit(init)).isPresent();
        files.write(item.id(), item.name(), id.value(), Long.toString(init), startOf(init), ours ? OURS : "");
        labs.add(lab);
        wires.make(lab, item, init);
    }

    /** Returns the container; makes it if the lab is to have one by a template. */
    private LabContainer present(String lab, Lxc lxc, ContainerId id) {
        @Nullable LabContainer found = driver.lookForLab(id).blockingGet();
        if (found == null && lxc.template().isEmpty()) {
            throw new LabRefusal(
                    "there is no container " + id, "lxc-ls lists them; template=busybox makes one for the lab");
        }
        if (found == null) {
            ContainerProperties properties =
                    ContainerProperties.of(Map.of("template", lxc.template().get()));
            // The name of a link that the container does not get.
            NewContainer request = new NewContainer(id, new LinkName("lab0"), "", properties);
            driver.createForLab(request, lab).blockingAwait();
            return look(id);
        }
        if (lxc.template().isPresent() && !found.lab().equals(Optional.of(lab))) {
            throw new LabRefusal(
                    "there is a container " + id + " already, which this lab did not make",
                    "choose another name, or leave the template out to use the container as it is");
        }
        return found;
    }

    private LabContainer look(ContainerId id) {
        return driver.lookForLab(id)
                .switchIfEmpty(Single.error(new LabRefusal("the container " + id + " is gone", "")))
                .blockingGet();
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return on(() -> {
            Lxc lxc = lxc(item);
            ContainerId id = new ContainerId(lxc.container());
            MachineFiles files = files(lab);
            if (Files.exists(folders.namespace(lab))) {
                wires.remove(lab, item);
            }
            Optional<Known> known = files.read(item.id()).flatMap(Known::of);
            @Nullable LabContainer found = driver.lookForLab(id).blockingGet();
            boolean made =
                    found != null && lxc.template().isPresent() && found.lab().equals(Optional.of(lab));
            boolean ours = found != null
                    && known.filter(Known::ours).isPresent()
                    && found.initPid().filter(known.get()::isInit).isPresent();
            if (made || ours) {
                driver.stop(id, GRACE).blockingAwait();
            }
            if (made) {
                driver.destroy(id).blockingAwait();
            }
            files.remove(item.id());
        });
    }

    private static Lxc lxc(LabItem item) {
        if (item.machine() instanceof Lxc lxc) {
            return lxc;
        }
        throw new IllegalArgumentException(item.name() + " is no container");
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return looks.submit(() -> {
            labs.add(lab);
            Map<String, MachineState> states = new HashMap<>();
            for (String[] lines : files(lab).all().values()) {
                Known.of(lines).ifPresent(known -> {
                    long now = inits.getOrDefault(new ContainerId(known.container()), known.init());
                    if (known.isAlive()) {
                        states.put(known.item(), MachineState.RUNNING);
                    } else if (now == known.init() || startOf(now).isEmpty()) {
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
