// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.kernel.ProcText;
import org.opdbus.verticles.kernel.ProcessStat;

/**
 * A process and everything that it started.
 *
 * <p>A child whose parent has ended belongs to init and cannot be found by descent any more (it has "daemonized"). So
 * each command has a mark in its environment, which its children inherit and proc(5) shows.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    /** Far more than the environment of a command of ours and of its children. */
    private static final int ENVIRONMENT_BYTES_MAX = 262_144;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final Duration CHILDREN_FIRST = Duration.ofMillis(500);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final long root;
    private final String mark;

    ProcessTree(long root, String mark) {
        this.root = root;
        this.mark = mark;
    }

    /**
     * Asks all of them to end, and forces them after a time of grace; returns whether none is left.
     *
     * <p>The children are asked first, so that their parents can still reap them. Otherwise no process might do so,
     * and a dead process that is not reaped keeps its container from ending.
     */
    boolean end(Duration grace) {
        boolean interrupted = Thread.interrupted();
        Set<Long> known = new HashSet<>(Set.of(root));
        Set<Long> children = living(known);
        children.remove(root);
        children.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy));
        long deadline = System.nanoTime() + Math.min(grace.toNanos(), CHILDREN_FIRST.toNanos());
        while (!Collections.disjoint(living(known), children) && System.nanoTime() < deadline) {
            interrupted |= pause();
        }
        living(known).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy));
        deadline = System.nanoTime() + grace.toNanos();
        while (!living(known).isEmpty() && System.nanoTime() < deadline) {
            interrupted |= pause();
        }
        deadline = System.nanoTime() + KILL_LIMIT.toNanos();
        Set<Long> left = living(known);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            // The next look finds a process that a killed process has just started.
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            interrupted |= pause();
            left = living(known);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left.isEmpty();
    }

    /**
     * Returns the processes that are alive and known, or descend from a known one, or have the mark; they become
     * known.
     */
    private Set<Long> living(Set<Long> known) {
        Map<Long, Long> parents = new HashMap<>();
        Set<Long> living = new HashSet<>();
        for (long pid : pids()) {
            status(pid, parents, living);
        }
        for (long pid : living) {
            if (!known.contains(pid) && (descends(pid, parents, known) || bearsMark(pid))) {
                known.add(pid);
            }
        }
        living.retainAll(known);
        return living;
    }

    private static List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
        } catch (IOException e) {
            throw new IllegalStateException("cannot list /proc", e);
        }
        return pids;
    }

    /** Adds a process to the parents and, if it is alive, to the living; nothing if it has ended since the listing. */
    private static void status(long pid, Map<Long, Long> parents, Set<Long> living) {
        ProcessStat.of(pid).ifPresent(stat -> {
            parents.put(pid, stat.parent());
            if (stat.isAlive()) {
                living.add(pid);
            }
        });
    }

    private static boolean descends(long pid, Map<Long, Long> parents, Set<Long> from) {
        long at = pid;
        while (at > 1) {
            if (from.contains(at)) {
                return true;
            }
            at = parents.getOrDefault(at, 0L);
        }
        return false;
    }

    private boolean bearsMark(long pid) {
        try {
            return ProcText.start(PROC.resolve(pid + "/environ"), ENVIRONMENT_BYTES_MAX)
                    .contains(mark);
        } catch (IOException endedOrKernelThread) {
            return false;
        }
    }

    /** Waits a little; returns whether the thread was interrupted, which must not leave processes running. */
    private static boolean pause() {
        try {
            // There is no event for the end of a process that is not our child.
            boolean unused = new CountDownLatch(1).await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
            return unused;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
