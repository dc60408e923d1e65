// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import io.reactivex.rxjava3.core.Flowable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and removes what a lab stands on. Every method waits; only one thread at a time works on one lab. */
final class LabSite {
    private static final Logger LOG = LoggerFactory.getLogger(LabSite.class);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final int PARALLEL_MAX = 8;
    private static final int ATTEMPTS_MAX = 3;

    private final LabFolders folders;
    private final LabProcesses processes;
    private final LabPrograms programs;
    private final LabDaemons daemons;

    LabSite(LabFolders folders, LabProcesses processes, CommandRunner runner) {
        this.folders = folders;
        this.processes = processes;
        programs = new LabPrograms(runner);
        daemons = new LabDaemons(folders, processes, programs);
    }

    /** Makes what is missing; what was begun and cannot be finished is removed. */
    void ensure(String lab) throws IOException, InterruptedException {
        programs.requireInstalled();
        LabMark mark = new LabMark(folders, lab);
        LabNamespace namespace = new LabNamespace(folders, lab, programs);
        if (mark.isSet()) {
            complete(lab, namespace);
            return;
        }
        namespace.requireAbsent();
        try {
            mark.set();
            complete(lab, namespace);
        } catch (IOException | RuntimeException failure) {
            // What cannot be started leaves nothing.
            remove(lab);
            throw failure;
        }
    }

    private void complete(String lab, LabNamespace namespace) throws IOException, InterruptedException {
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

    /** Ends and removes everything of it. */
    void remove(String lab) throws IOException, InterruptedException {
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

    /** Returns whether its namespace and its daemons are there. */
    boolean runs(String lab) throws IOException {
        if (!new LabMark(folders, lab).isSet() || !new LabNamespace(folders, lab, programs).isWhole()) {
            return false;
        }
        List<String> roles = processes.running(lab).blockingGet().stream()
                .map(LabProcess::role)
                .toList();
        return roles.contains(LabDaemons.DATABASE) && roles.contains(LabDaemons.SWITCH);
    }
}
