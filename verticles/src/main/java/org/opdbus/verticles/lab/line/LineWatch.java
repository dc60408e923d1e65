// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.lab.line.Line.Surroundings;

/**
 * Keeps the lines of a lab as the files of a folder order it, and answers each order once. The kernel tells each change of the folder.
 * An order that cannot be obeyed is not tried again by itself: the agent repeats it. For one thread.
 */
final class LineWatch {
    /** What the queues of all lines together take at most. */
    static final long QUEUES_BYTES_MAX = 256L << 20;

    private static final long LONG_MS = Integer.MAX_VALUE;

    private final Path folder;
    private final Consumer<String> log;
    private final long pid = ProcessHandle.current().pid();
    private final QueueMemory memory = new QueueMemory(QUEUES_BYTES_MAX);
    private final Map<Integer, Kept> lines = new HashMap<>();
    private boolean ended;

    LineWatch(Path folder, Consumer<String> log) {
        this.folder = folder;
        this.log = log;
    }

    /** An order that was answered, and its line if it is obeyed. */
    private record Kept(LineOrder order, @Nullable Line line) {}

    /** Runs until the folder is gone. */
    void run() throws IOException {
        try (Poller poller = new Poller();
                Inotify inotify = new Inotify()) {
            OptionalInt watch = inotify.watch(folder.toString(), Inotify.ENTRIES);
            if (watch.isEmpty()) {
                throw new IOException("there is no folder " + folder);
            }
            poller.watch(inotify.fd(), () -> inotify.read().forEach(this::heard));
            Surroundings around = new Surroundings(memory, log, poller::wake);
            while (!ended) {
                match(around);
                poller.await(LONG_MS);
            }
        } finally {
            lines.values().forEach(LineWatch::end);
        }
    }

    private void heard(Happening happening) {
        ended |= happening.is(Inotify.IGNORED);
    }

    private void match(Surroundings around) throws IOException {
        Set<Integer> ordered = new HashSet<>(LineOrder.ids(folder));
        for (int id : Set.copyOf(lines.keySet())) {
            if (!ordered.contains(id)) {
                end(lines.remove(id));
                LineAnswer.remove(folder, id);
            }
        }
        for (int id : ordered) {
            Optional<LineOrder> order = LineOrder.read(folder, id);
            if (order.isPresent()) {
                match(id, order.get(), around);
            }
        }
    }

    private void match(int id, LineOrder order, Surroundings around) throws IOException {
        Kept kept = lines.get(id);
        boolean isAnswered = kept != null && kept.order.equals(order);
        Line line = kept == null ? null : kept.line;
        if (line != null && !line.isWhole()) {
            line.close();
            line = null;
            if (isAnswered) {
                answer(id, new Kept(order, null), "one of its links is gone");
            }
        }
        if (isAnswered) {
            return;
        }
        if (line != null) {
            line.shape(order.line());
            answer(id, new Kept(order, line), "");
            return;
        }
        try {
            answer(id, new Kept(order, Line.begin(id, order.line(), around)), "");
        } catch (IOException e) {
            log.accept("line " + id + " cannot be made: " + e.getMessage());
            answer(id, new Kept(order, null), String.valueOf(e.getMessage()));
        }
    }

    private void answer(int id, Kept now, String problem) throws IOException {
        lines.put(id, now);
        new LineAnswer(pid, now.order.token(), problem).write(folder, id);
    }

    private static void end(@Nullable Kept kept) {
        if (kept != null && kept.line != null) {
            kept.line.close();
        }
    }
}
