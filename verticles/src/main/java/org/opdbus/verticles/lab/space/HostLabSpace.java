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
    private static final int PARALLEL_MAX = 8;
    private static final int CHANGES_MAX = 4_096;

    private final LabFolders folders;
    private final CommandRunner runner = new CommandRunner(PARALLEL_MAX);
    /** Of their own, so that a look does not wait until labs have started or ended. */
    private final CommandRunner looks = new CommandRunner(2);

    private final LabSite site;
    private final Map<String, Object> turns = new ConcurrentHashMap<>();
    /** The labs that are kept running. */
    private final Map<String, DaemonRestarts> kept = new ConcurrentHashMap<>();

    private final FlowableProcessor<String> changes =
            PublishProcessor.<String>create().toSerialized();
    private final CompositeDisposable work = new CompositeDisposable();

    public HostLabSpace(LabFolders folders, LabProcesses processes) {
        this.folders = folders;
        site = new LabSite(folders, processes, runner);
        work.add(processes.ended().subscribe(this::ended));
    }

    @Override
    public Completable ensure(String lab) {
        return inTurn(lab, () -> {
                    site.ensure(lab);
                    kept.computeIfAbsent(lab, any -> new DaemonRestarts());
                    // A daemon can have ended between its start and this.
                    if (!site.runs(lab)) {
                        restartLater(lab);
                    }
                    return true;
                })
                .ignoreElement();
    }

    @Override
    public Completable remove(String lab) {
        // From here on, the end of a daemon is wanted.
        return Completable.fromAction(() -> kept.remove(lab))
                .andThen(inTurn(lab, () -> {
                            kept.remove(lab);
                            site.remove(lab);
                            return true;
                        })
                        .ignoreElement());
    }

    @Override
    public Single<Boolean> runs(String lab) {
        return looks.submit(() -> site.runs(lab));
    }

    @Override
    public Single<List<String>> wanted() {
        return looks.submit(() -> LabMark.marked(folders));
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
        site.ensure(lab);
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
        looks.close();
        changes.onComplete();
    }

    private interface LabWork<T> {
        T run() throws IOException, InterruptedException;
    }
}
