// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.line.LineAnswer;
import org.opdbus.verticles.lab.line.LineOrder;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;

/**
 * Orders for the process that moves the frames of a lab's lines. It is started with the first line, and ended with the last one. All
 * methods wait, with a limit.
 */
final class LineOrders {
    /** The role of the process. */
    static final String ROLE = "a2b";

    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final LabProcesses processes;
    private final LabFolders folders;

    LineOrders(LabProcesses processes, LabFolders folders) {
        this.processes = processes;
        this.folders = folders;
    }

    /** Has the line of this number do what is asked for, and returns when it does. */
    void give(String lab, int id, A2b line, boolean isNew) throws IOException {
        Path folder = folders.lines(lab);
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        LabProcess process = processes
                .start(lab, ROLE, LineProgramCommand.of(folder))
                .timeout(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS)
                .blockingGet();
        if (!isNew && obeyed(lab, id, process.pid()).filter(line::equals).isPresent()) {
            return;
        }
        LineOrder order = LineOrder.of(line);
        order.write(folder, id);
        String problem = await(lab, id, order, process.pid());
        if (!problem.isEmpty()) {
            throw new LabRefusal(
                    "line " + id + " does not move frames: " + problem,
                    "see " + folders.of(lab).resolve(ROLE + ".log"));
        }
    }

    /** Returns the problem that the process answers; empty if there is none. */
    private String await(String lab, int id, LineOrder order, long pid) throws IOException {
        long deadline = System.nanoTime() + ANSWER_MAX.toNanos();
        Path folder = folders.lines(lab);
        Optional<ProcessWatch> found = ProcessWatch.of(pid);
        if (found.isEmpty()) {
            return "its process ended at once";
        }
        try (ProcessWatch process = found.get();
                Poller poller = new Poller();
                Inotify inotify = new Inotify()) {
            if (inotify.watch(folder.toString(), Inotify.MOVED_TO).isEmpty()) {
                return "the folder " + folder + " is gone";
            }
            poller.watch(inotify.fd(), inotify::read);
            poller.watch(process.fd(), () -> {});
            while (true) {
                Optional<LineAnswer> answer = LineAnswer.read(folder, id).filter(each -> each.isOf(pid, order));
                if (answer.isPresent()) {
                    return answer.get().problem();
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (process.hasExited()) {
                    return "its process ended at once";
                }
                if (leftMs <= 0) {
                    return "its process did not answer within " + ANSWER_MAX.toSeconds() + " s";
                }
                poller.await(leftMs);
            }
        }
    }

    /** Takes the order for a line back. */
    void takeBack(String lab, int id) throws IOException {
        Path folder = folders.lines(lab);
        LineOrder.remove(folder, id);
        LineAnswer.remove(folder, id);
        if (Files.isDirectory(folder) && LineOrder.ids(folder).isEmpty()) {
            processes.end(lab, ROLE, GRACE).blockingAwait();
        }
    }

    /** Returns whether there is an order for a line. */
    boolean isGiven(String lab, int id) throws IOException {
        return LineOrder.read(folders.lines(lab), id).isPresent();
    }

    /** Returns the process of a lab's lines, if it runs. */
    Optional<Long> process(String lab) {
        List<LabProcess> running = processes.running(lab).blockingGet();
        return running.stream()
                .filter(process -> process.role().equals(ROLE))
                .map(LabProcess::pid)
                .findFirst();
    }

    /** Returns what a line does, if this process moves its frames. */
    Optional<A2b> obeyed(String lab, int id, long pid) throws IOException {
        Path folder = folders.lines(lab);
        Optional<LineOrder> order = LineOrder.read(folder, id);
        Optional<LineAnswer> answer = LineAnswer.read(folder, id);
        return order.filter(given -> answer.filter(each -> each.isOf(pid, given))
                        .filter(each -> each.problem().isEmpty())
                        .isPresent())
                .map(LineOrder::line);
    }
}
