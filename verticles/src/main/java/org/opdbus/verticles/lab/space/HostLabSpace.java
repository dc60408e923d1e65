// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import static io.reactivex.rxjava3.core.BackpressureOverflowStrategy.DROP_OLDEST;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The namespaces of labs on this host. Work on one lab happens in turn; several labs are worked on at once. */
public final class HostLabSpace implements LabSpace, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostLabSpace.class);
    private static final Path KERNEL_DATAPATH = Path.of("/sys/module/openvswitch");
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final int PARALLEL_MAX = 8;
    private static final int CHANGES_MAX = 4_096;
    private static final int ATTEMPTS_MAX = 3;

    private final LabFolders folders;
    private final LabProcesses processes;
    private final CommandRunner runner = new CommandRunner(PARALLEL_MAX);
    private final LabPrograms programs = new LabPrograms(runner);
    private final LabDaemons daemons;
    private final Map<String, Object> turns = new ConcurrentHashMap<>();
    /** The labs that are kept running. */
    private final Map<String, DaemonRestarts> kept = new ConcurrentHashMap<>();

    private final FlowableProcessor<String> changes =
            PublishProcessor.<String>create().toSerialized();
    private final CompositeDisposable work = new CompositeDisposable();

    public HostLabSpace(LabFolders folders, LabProcesses processes) {
        this.folders = folders;
        this.processes = processes;
        daemons = new LabDaemons(folders, processes, programs);
        work.add(processes.ended().subscribe(this::ended));
    }

    @Override
    public Completable ensure(String lab) {
        return inTurn(lab, () -> {
                    ensureNow(lab);
                    kept.computeIfAbsent(lab, any -> new DaemonRestarts());
                    // A daemon can have ended between its start and this.
                    if (!runsNow(lab)) {
                        restartLater(lab);
                    }
                    return true;
                })
                .ignoreElement();
    }

    private void ensureNow(String lab) throws IOException, InterruptedException {
        programs.requireInstalled();
        LabMark mark = new LabMark(folders, lab);
        LabNamespace namespace = new LabNamespace(folders, lab, programs);
        if (mark.isSet()) {
            completeNow(lab, namespace);
            return;
        }
        namespace.requireAbsent();
        try {
            mark.set();
            completeNow(lab, namespace);
        } catch (IOException | RuntimeException failure) {
            // What cannot be started leaves nothing.
            removeNow(lab);
            throw failure;
        }
    }

    private void completeNow(String lab, LabNamespace namespace) throws IOException, InterruptedException {
        if (!namespace.isWhole()) {
            // What still runs is in a namespace that lost its name, or was never finished.
            giveBackLinks(lab, namespace);
            endAll(lab);
            Files.deleteIfExists(folders.of(lab).resolve("conf.db"));
            namespace.create();
        }
        for (int attempt = 1; true; attempt++) {
            try {
                daemons.start(lab);
                return;
            } catch (LabRefusal failure) {
                // A daemon that was killed a moment ago can have looked as if it ran.
                if (attempt == ATTEMPTS_MAX) {
                    throw failure;
                }
            }
        }
    }

    @Override
    public Completable remove(String lab) {
        // From here on, the end of a daemon is wanted.
        return Completable.fromAction(() -> kept.remove(lab))
                .andThen(inTurn(lab, () -> {
                            kept.remove(lab);
                            removeNow(lab);
                            return true;
                        })
                        .ignoreElement());
    }

    private void removeNow(String lab) throws IOException, InterruptedException {
        LabMark mark = new LabMark(folders, lab);
        LabNamespace namespace = new LabNamespace(folders, lab, programs);
        if (mark.isSet()) {
            giveBackLinks(lab, namespace);
            endAll(lab);
            if (namespace.inode().isPresent()) {
                LabLeftovers.remove(folders.namespace(lab), lab);
            }
            namespace.delete();
            LOG.info("lab={} nothing of it runs any more", lab);
        }
        mark.clear();
    }

    /** Before the daemons end: with the last process, a namespace that lost its name would end, and virtual links with it. */
    private void giveBackLinks(String lab, LabNamespace namespace) throws IOException {
        List<Long> pids = processes.running(lab).blockingGet().stream()
                .map(LabProcess::pid)
                .toList();
        new BorrowedLinks(folders).giveBackAll(lab, namespace.where(pids));
    }

    /** First everything that uses the switch, then the switch, then its database. */
    private void endAll(String lab) {
        List<LabProcess> running = processes.running(lab).blockingGet();
        Flowable.fromIterable(running)
                .filter(process -> !LabDaemons.isDaemon(process.role()))
                .flatMapCompletable(process -> processes.end(lab, process.role(), GRACE), true, PARALLEL_MAX)
                .andThen(processes.end(lab, LabDaemons.SWITCH, GRACE))
                .andThen(processes.end(lab, LabDaemons.DATABASE, GRACE))
                .blockingAwait();
    }

    @Override
    public Single<Boolean> runs(String lab) {
        return runner.submit(() -> runsNow(lab));
    }

    private boolean runsNow(String lab) throws IOException {
        if (!new LabMark(folders, lab).isSet() || !new LabNamespace(folders, lab, programs).isWhole()) {
            return false;
        }
        List<String> roles = processes.running(lab).blockingGet().stream()
                .map(LabProcess::role)
                .toList();
        return roles.contains(LabDaemons.DATABASE) && roles.contains(LabDaemons.SWITCH);
    }

    @Override
    public Single<List<String>> wanted() {
        return runner.submit(() -> LabMark.marked(folders));
    }

    @Override
    public Path databaseSocket(String lab) {
        return folders.databaseSocket(lab);
    }

    @Override
    public String datapath() {
        return Files.isDirectory(KERNEL_DATAPATH) ? "system" : "netdev";
    }

    @Override
    public Flowable<String> changes() {
        return changes.onBackpressureBuffer(
                CHANGES_MAX, () -> LOG.warn("too many changes of labs wait to be heard"), DROP_OLDEST);
    }

    private void ended(LabProcess process) {
        if (LabDaemons.isDaemon(process.role()) && kept.containsKey(process.lab())) {
            changes.onNext(process.lab());
            restartLater(process.lab());
        }
    }

    private void restartLater(String lab) {
        DaemonRestarts restarts = kept.get(lab);
        if (restarts == null || !restarts.begin()) {
            return;
        }
        work.add(Completable.timer(restarts.delayMs(), TimeUnit.MILLISECONDS)
                .andThen(inTurn(lab, () -> restart(lab, restarts)))
                .subscribe(
                        done -> {
                            if (done) {
                                changes.onNext(lab);
                            }
                        },
                        failure -> {
                            LOG.warn(
                                    "lab={} its daemons could not be started again, which is tried again: {}",
                                    lab,
                                    failure.getMessage());
                            restartLater(lab);
                        }));
    }

    /** Returns whether the lab runs again; not if it was removed meanwhile. */
    private boolean restart(String lab, DaemonRestarts restarts) throws IOException, InterruptedException {
        restarts.end();
        if (kept.get(lab) != restarts) {
            return false;
        }
        ensureNow(lab);
        LOG.info("lab={} its daemons run again", lab);
        return true;
    }

    private <T> Single<T> inTurn(String lab, LabWork<T> task) {
        return runner.submit(() -> {
            try {
                synchronized (turns.computeIfAbsent(lab, any -> new Object())) {
                    return task.run();
                }
            } catch (IOException failure) {
                throw new LabRefusal(
                        "the lab " + lab + " cannot be started or ended: " + failure,
                        "a lab needs to write below " + folders.labs() + " and the rights of root");
            } catch (NetlinkException failure) {
                throw new LabRefusal(failure.getMessage(), "see the log of op-dbus, and try again");
            }
        });
    }

    /** Ends the supervision. The labs go on. */
    @Override
    public void close() {
        work.dispose();
        kept.clear();
        runner.close();
        changes.onComplete();
    }

    private interface LabWork<T> {
        T run() throws IOException, InterruptedException;
    }
}
