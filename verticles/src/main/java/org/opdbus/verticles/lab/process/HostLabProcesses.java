// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import static io.reactivex.rxjava3.core.BackpressureOverflowStrategy.DROP_OLDEST;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of labs on this host. A process has a session of its own and, under systemd, a scope of its own, inherits no file
 * descriptor, and has neither the agent's protection from a shortage of memory nor its limit of open files. What it prints is in
 * {@code ROLE.log}, of which {@link LabLogs} bounds the size.
 */
public final class HostLabProcesses implements LabProcesses, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostLabProcesses.class);
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int PARALLEL_MAX = 8;
    private static final int ENDS_MAX = 4_096;

    private final LabFolders folders;
    private final CommandRunner threads = new CommandRunner(PARALLEL_MAX);
    private final FlowableProcessor<LabProcess> ended =
            PublishProcessor.<LabProcess>create().toSerialized();
    private final EndWatch ends = new EndWatch(this::tell);
    private final LabLogs logs = new LabLogs();

    public HostLabProcesses(LabFolders folders) {
        this.folders = folders;
        ends.start();
        logs.start();
    }

    @Override
    public Single<LabProcess> start(String lab, String role, List<String> command) {
        return threads.submit(() -> startNow(lab, role, command));
    }

    private synchronized LabProcess startNow(String lab, String role, List<String> command) throws IOException {
        Path folder = folders.of(lab);
        requireRole(role);
        Optional<ProcessRecord> present = ProcessRecord.read(folder, role).filter(ProcessRecord::isAlive);
        if (present.isPresent()) {
            return watched(lab, role, present.get());
        }
        require(command.get(0));
        require("nsenter");
        require("setsid");
        if (!Files.exists(folders.namespace(lab))) {
            throw new LabRefusal(
                    "the lab " + lab + " has no network namespace", "start it: op-dbus lab " + lab + " start");
        }
        ProcessRecord record = new ProcessLaunch(folder, folders.namespace(lab))
                .start("op-dbus-lab-" + lab + "-" + role, role, List.copyOf(command));
        LOG.info("lab={} process={} pid={} was started", lab, role, record.pid());
        return watched(lab, role, record);
    }

    private LabProcess watched(String lab, String role, ProcessRecord record) {
        LabProcess process = new LabProcess(lab, role, record.pid());
        ends.add(process, record);
        logs.watch(folders.of(lab));
        return process;
    }

    private static void requireRole(String role) {
        if (!ROLE.matcher(role).matches()) {
            throw new LabRefusal("\"" + role + "\" is no name for a process of a lab", "");
        }
    }

    private static void require(String program) {
        if (!CommandRunner.isInstalled(program)) {
            throw new LabRefusal(program + " is not on this host", "install the package that holds " + program);
        }
    }

    @Override
    public Single<List<LabProcess>> running(String lab) {
        return threads.submit(() -> {
            List<LabProcess> running = new ArrayList<>();
            for (String role : ProcessRecord.roles(folders.of(lab))) {
                ProcessRecord.read(folders.of(lab), role)
                        .filter(ProcessRecord::isAlive)
                        .ifPresent(record -> running.add(watched(lab, role, record)));
            }
            return List.copyOf(running);
        });
    }

    @Override
    public Completable end(String lab, String role, Duration grace) {
        return threads.submit(() -> {
                    requireRole(role);
                    endNow(lab, role, grace);
                    return role;
                })
                .ignoreElement();
    }

    private void endNow(String lab, String role, Duration grace) throws IOException {
        Path folder = folders.of(lab);
        Optional<ProcessRecord> record = ProcessRecord.read(folder, role);
        Optional<ProcessWatch> found = record.isPresent() ? record.get().watch() : Optional.empty();
        if (found.isPresent()) {
            try (ProcessWatch watch = found.get()) {
                watch.signal(SIGTERM);
                if (!watch.awaitExit(grace)) {
                    LOG.info("lab={} process={} did not end within {} and is killed", lab, role, grace);
                    watch.signal(SIGKILL);
                    if (!watch.awaitExit(KILL_LIMIT)) {
                        throw new LabRefusal(
                                "process " + record.get().pid() + " (" + role + " of the lab " + lab
                                        + ") outlives SIGKILL",
                                "look where the kernel holds it: cat /proc/"
                                        + record.get().pid() + "/stack");
                    }
                }
            }
        }
        // A process that was started meanwhile has a record of its own.
        synchronized (this) {
            if (ProcessRecord.read(folder, role).equals(record)) {
                Files.deleteIfExists(ProcessRecord.file(folder, role));
            }
        }
    }

    @Override
    public Flowable<LabProcess> ended() {
        return ended.onBackpressureBuffer(
                ENDS_MAX, () -> LOG.warn("too many ends of processes of labs wait to be heard"), DROP_OLDEST);
    }

    private void tell(LabProcess process) {
        LOG.info("lab={} process={} pid={} ended", process.lab(), process.role(), process.pid());
        ended.onNext(process);
    }

    /** Ends the watching. The processes go on. */
    @Override
    public void close() {
        ends.close();
        logs.close();
        threads.close();
        ended.onComplete();
    }
}
