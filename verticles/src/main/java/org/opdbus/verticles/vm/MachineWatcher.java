// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.vm.TapLinks.Picture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the processes of the host when a tap asks for it, and waits for the end of each machine. Everything happens on the
 * thread of {@link #run}; other threads may call only {@link #look} and {@link #stop}.
 */
final class MachineWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineWatcher.class);
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    /**
     * How long a machine may take to exit after one of its taps has gone. The kernel removes the taps of a process that is
     * killed before it announces the end of the process.
     */
    private static final long SETTLE = 100 * MS;

    private final TapLinks links;
    private final QemuProcesses processes;
    private final MachineTable table;
    private final Consumer<Event> publish;
    private final Poller poller = new Poller();
    private final Map<Long, ProcessWatch> watches = new HashMap<>();
    /** When to look again at a known machine, by its process. */
    private final Map<Long, Long> rechecks = new HashMap<>();

    private final LookTimes looks = new LookTimes(System.nanoTime());
    private Picture picture;
    private boolean listed;
    private volatile boolean stopped;

    /** Fails only if the process has no file descriptor left. */
    MachineWatcher(TapLinks links, QemuProcesses processes, MachineTable table, Consumer<Event> publish)
            throws IOException {
        this.links = links;
        this.processes = processes;
        this.table = table;
        this.publish = publish;
        picture = links.take();
    }

    /** Says that something has happened to a tap. For any thread. */
    void look() {
        poller.wake();
    }

    /** Ends {@link #run} soon. For any thread. */
    void stop() {
        stopped = true;
        poller.wake();
    }

    /** Publishes the machines that run once netlink has listed the links, then every change, until {@link #stop}. */
    void run() throws IOException {
        while (!stopped) {
            step(System.nanoTime());
            poller.await(waitMs(System.nanoTime()));
        }
    }

    private long waitMs(long now) {
        long left = looks.leftAt(now);
        for (long due : rechecks.values()) {
            left = Math.min(left, Math.max(0, due - now));
        }
        return left / MS + (left % MS == 0 ? 0 : 1);
    }

    private void step(long now) throws IOException {
        picture = links.take();
        if (!picture.listed()) {
            return;
        }
        if (!listed) {
            list();
            return;
        }
        picture.touched().forEach(index -> touched(index, now));
        for (long pid : dueRechecks(now)) {
            recheck(pid);
        }
        if (looks.leftAt(now) == 0) {
            lookAtProcesses();
        }
    }

    /** Also after a failure: then it publishes what has happened meanwhile. */
    private void list() throws IOException {
        for (long pid : table.pids()) {
            if (ProcessStat.of(pid).filter(ProcessStat::isAlive).isEmpty()) {
                table.ended(pid, "its process had exited when the agent looked again")
                        .forEach(publish);
            }
        }
        picture.taps().keySet().forEach(index -> looks.want(index, System.nanoTime()));
        if (!picture.taps().isEmpty() || table.count() > 0) {
            lookAtProcesses();
        }
        for (long pid : table.pids()) {
            if (!watches.containsKey(pid)) {
                table.ended(pid, "its process holds no tap any more").forEach(publish);
            }
        }
        listed = true;
        publish.accept(new SourceListed(Source.VM, table.count()));
    }

    private void touched(int index, long now) {
        if (!picture.taps().containsKey(index)) {
            looks.forget(index);
        }
        Optional<Long> holder = table.holderOf(index);
        if (holder.isPresent()) {
            rechecks.putIfAbsent(holder.get(), now + SETTLE);
        } else if (picture.taps().containsKey(index)) {
            looks.want(index, now);
        }
    }

    private List<Long> dueRechecks(long now) {
        List<Long> due = new ArrayList<>();
        rechecks.forEach((pid, at) -> {
            if (at - now <= 0) {
                due.add(pid);
            }
        });
        rechecks.keySet().removeAll(new HashSet<>(due));
        return due;
    }

    /** A tap of a known machine has gone, or its carrier has changed: another process may have it now. */
    private void recheck(long pid) throws IOException {
        ProcessWatch watch = watches.get(pid);
        if (watch == null || watch.hasExited()) {
            return;
        }
        List<Integer> before = table.tapsOf(pid);
        processes
                .read(pid)
                .map(process -> table.seen(process, picture.byName()))
                .orElseGet(() -> table.seenWithoutTap(pid))
                .forEach(publish);
        wantThoseWithoutMachine(before, System.nanoTime());
    }

    private void wantThoseWithoutMachine(List<Integer> taps, long when) {
        taps.stream()
                .filter(index -> picture.taps().containsKey(index)
                        && table.holderOf(index).isEmpty())
                .forEach(index -> looks.want(index, when));
    }

    /** A tap that came is a new machine's for most; only else was it plugged into a machine that is known. */
    private void lookAtProcesses() throws IOException {
        long began = System.nanoTime();
        Map<String, Link> names = picture.byName();
        Set<Long> known = Set.copyOf(watches.keySet());
        for (QemuProcess process : processes.scan(known)) {
            see(process, names);
        }
        Set<Integer> explained = explained();
        if (!explained.containsAll(looks.wanted())) {
            for (long pid : known) {
                Optional<QemuProcess> process = processes.read(pid);
                if (process.isPresent()) {
                    see(process.get(), names);
                }
            }
            explained = explained();
        }
        long now = System.nanoTime();
        looks.looked(began, now, explained);
        LOG.debug("machines={} taps={} looked_us={}", table.count(), names.size(), (now - began) / 1_000);
    }

    private Set<Integer> explained() {
        Set<Integer> explained = new HashSet<>();
        picture.taps().keySet().stream()
                .filter(index -> table.holderOf(index).isPresent())
                .forEach(explained::add);
        return explained;
    }

    private void see(QemuProcess process, Map<String, Link> names) throws IOException {
        long pid = process.pid();
        if (!watches.containsKey(pid) && !watch(process)) {
            return;
        }
        table.seen(process, names).forEach(publish);
        if (!table.isKnown(pid)) {
            unwatch(pid);
        }
    }

    /** Begins to wait for the end of a process; returns false if it has ended since it was seen. */
    private boolean watch(QemuProcess process) throws IOException {
        long pid = process.pid();
        Optional<ProcessWatch> opened = ProcessWatch.of(pid);
        if (opened.isEmpty()) {
            return false;
        }
        ProcessWatch watch = opened.get();
        watches.put(pid, watch);
        poller.watch(watch.fd(), () -> ended(pid));
        boolean isSame = ProcessStat.of(pid)
                .filter(stat -> stat.started().equals(process.started()))
                .isPresent();
        if (!isSame) {
            unwatch(pid);
        }
        return isSame;
    }

    private void unwatch(long pid) {
        ProcessWatch watch = watches.remove(pid);
        if (watch != null) {
            poller.forget(watch.fd());
            watch.close();
        }
    }

    private void ended(long pid) {
        List<Integer> taps = table.tapsOf(pid);
        unwatch(pid);
        rechecks.remove(pid);
        table.ended(pid, "its process has exited").forEach(publish);
        // Taps that stay may have another process soon; those that go are reported in this time.
        wantThoseWithoutMachine(taps, System.nanoTime() + SETTLE);
    }

    @Override
    public void close() {
        Set.copyOf(watches.keySet()).forEach(this::unwatch);
        poller.close();
    }
}
