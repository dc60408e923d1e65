// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.kernel.WatchThread;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the end of processes, which need not be children of the agent: one thread waits for the descriptors of all of them. It tells
 * each end once. Any thread may call it.
 */
final class EndWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndWatch.class);
    private static final long LONG_MS = Integer.MAX_VALUE;

    private final Consumer<LabProcess> onEnd;
    private final Map<LabProcess, ProcessRecord> wanted = new ConcurrentHashMap<>();
    private final WatchThread thread = new WatchThread("op-dbus-lab-ends", this::watch, this::wake);
    private volatile @Nullable Poller waiting;

    /** Creates it; it calls {@code onEnd} on its own thread. */
    EndWatch(Consumer<LabProcess> onEnd) {
        this.onEnd = onEnd;
    }

    void start() {
        thread.start().subscribe();
    }

    /** Watches a process; if it has ended already, its end is told at once. A process that is watched stays so. */
    void add(LabProcess process, ProcessRecord record) {
        if (wanted.putIfAbsent(process, record) == null) {
            wake();
        }
    }

    private void wake() {
        Poller poller = waiting;
        if (poller != null) {
            poller.wake();
        }
    }

    private void watch() {
        try (Poller poller = new Poller();
                Watches watches = new Watches(poller)) {
            waiting = poller;
            thread.arm();
            while (!thread.isStopping()) {
                watches.match(wanted);
                poller.await(LONG_MS);
            }
        } catch (IOException e) {
            LOG.warn("the ends of the processes of labs cannot be watched, which is tried again: {}", e.getMessage());
        } finally {
            waiting = null;
        }
    }

    private void ended(LabProcess process) {
        wanted.remove(process);
        onEnd.accept(process);
    }

    @Override
    public void close() {
        thread.stop().subscribe();
    }

    /** The open descriptors; for the thread that waits. */
    private final class Watches implements AutoCloseable {
        private final Poller poller;
        private final Map<LabProcess, ProcessWatch> open = new ConcurrentHashMap<>();

        Watches(Poller poller) {
            this.poller = poller;
        }

        void match(Map<LabProcess, ProcessRecord> processes) throws IOException {
            for (LabProcess process : Set.copyOf(processes.keySet())) {
                ProcessRecord record = processes.get(process);
                if (record == null || open.containsKey(process)) {
                    continue;
                }
                Optional<ProcessWatch> watch = record.watch();
                if (watch.isEmpty()) {
                    ended(process);
                    continue;
                }
                open.put(process, watch.get());
                poller.watch(watch.get().fd(), () -> forget(process));
            }
        }

        private void forget(LabProcess process) {
            ProcessWatch watch = open.remove(process);
            if (watch != null) {
                poller.forget(watch.fd());
                watch.close();
                ended(process);
            }
        }

        @Override
        public void close() {
            open.values().forEach(ProcessWatch::close);
        }
    }
}
