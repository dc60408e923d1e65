// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.cluster.wire.SignedMessage;
import org.opdbus.verticles.cluster.wire.Wire;
import org.slf4j.LoggerFactory;

/**
 * Many played hosts: each shows its head as often as a real one and after a commit, answers the agent, and asks it. On
 * few threads of its own.
 */
final class PlayedHosts implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long FIRST_WITHIN_MS = 2_000;
    private static final long DUE_EVERY_MS = 50;
    /** As a real host while it commits. */
    private static final long HEAD_EVERY_MS = 100;

    private static final int DECODED_MAX = 16;

    /** The entries of one start of a container are not one commit. */
    private static final List<String> START = List.of("container.started", "link.renamed", "container.enrolled");

    private static final long BETWEEN_ENTRIES_MS = 60;

    /** Messages from the hosts to the agent, and those of the agent to them. */
    final Traffic toAgent = new Traffic();

    final Traffic fromAgent = new Traffic();

    private final Map<String, PlayedHost> hosts = new TreeMap<>();
    private final String agent;
    private final PlayedWire wire;
    private final MessageSigner checker;
    private final Random random;
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS);
    private final List<Double> late = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean isLoaded;

    /** The same bytes are sent to many hosts; they are decoded and checked once for all. */
    private final Map<Buffer, Optional<Message>> decoded = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Buffer, Optional<Message>> eldest) {
            return size() > DECODED_MAX;
        }
    });

    /**
     * Creates hosts that say nothing before {@link #begin}.
     *
     * @param checker knows the signatures of the agent
     */
    PlayedHosts(String agent, PlayedWire wire, MessageSigner checker, Random random) {
        this.agent = agent;
        this.wire = wire;
        this.checker = checker;
        this.random = random;
    }

    void add(PlayedHost host) {
        hosts.put(host.name, host);
    }

    /** Receives the entries of the agent for a played host. */
    void told(PeerEvent event) {
        if (event instanceof PeerEvent.Recorded recorded) {
            late.add(Duration.between(recorded.entry().time(), Instant.now()).toNanos() / 1e6);
        }
    }

    /** From now on the hosts are up. */
    void begin() {
        wire.receive(
                (name, bytes) -> soon(() -> hear(Set.of(host(name)), bytes)),
                bytes -> soon(() -> hear(hosts.values(), bytes)));
        hosts.values().forEach(host -> published(host, host.history()));
        hosts.values().forEach(host -> later(() -> head(host), random.nextLong(FIRST_WITHIN_MS)));
        ask();
    }

    private void ask() {
        for (PlayedHost host : hosts.values()) {
            if (host.isHeadDue()) {
                head(host);
            }
            host.due().forEach(ask -> send(host, ask));
        }
        later(this::ask, DUE_EVERY_MS);
    }

    private PlayedHost host(String name) {
        return Optional.ofNullable(hosts.get(name)).orElseThrow();
    }

    private void soon(Runnable work) {
        later(work, 0);
    }

    private void later(Runnable work, long inMs) {
        try {
            var unused = threads.schedule(() -> guarded(work), inMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            // What still comes when the measurement is over is of no use.
        }
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (failures.incrementAndGet() == 1) {
                LoggerFactory.getLogger(PlayedHosts.class).warn("a task failed; others are only counted", e);
            }
        }
    }

    private void head(PlayedHost host) {
        // The played hosts and the agent.
        Message head = host.head(hosts.size() + 1);
        Buffer bytes = SignedMessage.write(head, "", host.signer);
        toAgent.count(kind(head), bytes.length());
        wire.head(host.name, bytes);
    }

    private void record(PlayedHost host, String kind) {
        published(host, host.record(kind));
        headSoon(host);
    }

    private void published(PlayedHost host, Message.Entries entries) {
        int bytes = wire.recorded(host.name, entries, host.signer);
        if (bytes > 0) {
            toAgent.count(kind(entries), bytes);
        }
    }

    /** Shows the head after a commit, at once or when the interval since the last time is over. */
    private void headSoon(PlayedHost host) {
        if (host.headIsDue.compareAndSet(false, true)) {
            later(
                    () -> {
                        host.headIsDue.set(false);
                        head(host);
                    },
                    Math.max(0, host.headAtMs + HEAD_EVERY_MS - nowMs()));
        }
    }

    private void send(PlayedHost host, Message message) {
        Buffer bytes = SignedMessage.write(message, agent, host.signer);
        if (!(message instanceof Message.AskEntries)) {
            toAgent.count(kind(message), bytes.length());
            wire.send(host.name, bytes);
        } else if (wire.fetch(host.name, bytes)) {
            toAgent.count(kind(message), bytes.length());
        }
    }

    private static String kind(Message message) {
        return message.getClass().getSimpleName();
    }

    private void hear(Collection<PlayedHost> receivers, Buffer bytes) {
        String self = receivers.iterator().next().name;
        Optional<Message> message = decoded.computeIfAbsent(bytes, unknown -> decode(unknown, self));
        message.filter(said -> said.host().equals(agent)).ifPresent(said -> {
            // A head reaches this process once, and every host of a real cluster once.
            fromAgent.count(kind(said), bytes.length());
            receivers.forEach(host -> host.hear(said).ifPresent(answer -> send(host, answer)));
        });
    }

    private Optional<Message> decode(Buffer bytes, String self) {
        // Heads of the played hosts come back; checking them is the work of each real host for itself.
        if (!Wire.hostOf(bytes).equals(Optional.of(agent))) {
            return Optional.empty();
        }
        try {
            return SignedMessage.read(bytes, self, checker);
        } catch (SignedMessage.ForgedException e) {
            throw new IllegalStateException("the agent's message is not signed by it", e);
        }
    }

    /** One host, chosen at random, records one fact. */
    void recordOne() {
        List<PlayedHost> all = List.copyOf(hosts.values());
        PlayedHost host = all.get(random.nextInt(all.size()));
        soon(() -> record(host, "container.stopped"));
    }

    /** From now on each host restarts a container at this interval: three entries, facts of links, another list. */
    void load(Duration every) {
        isLoaded = true;
        hosts.values().forEach(host -> loadLater(host, every, random.nextLong(every.toMillis())));
    }

    /** Ends {@link #load}. */
    void unload() {
        isLoaded = false;
    }

    private void loadLater(PlayedHost host, Duration every, long inMs) {
        later(
                () -> {
                    if (isLoaded) {
                        loadLater(host, every, every.toMillis());
                        restart(host);
                    }
                },
                inMs);
    }

    private void restart(PlayedHost host) {
        for (int i = 0; i < START.size(); i++) {
            String kind = START.get(i);
            boolean isLast = i == START.size() - 1;
            later(() -> step(host, kind, isLast), i * BETWEEN_ENTRIES_MS);
        }
    }

    private void step(PlayedHost host, String kind, boolean isLast) {
        Message live = host.facts();
        Buffer facts = SignedMessage.write(live, "", host.signer);
        toAgent.count(kind(live), facts.length());
        wire.facts(host.name, facts);
        if (isLast) {
            host.restarted();
        }
        record(host, kind);
    }

    /** Returns the delays of the agent's entries at the played hosts so far, and forgets them. */
    List<Double> takeLate() {
        synchronized (late) {
            List<Double> taken = List.copyOf(late);
            late.clear();
            return taken;
        }
    }

    /** Returns how many tasks of the played hosts failed. */
    long failures() {
        return failures.get();
    }

    /** Returns how many tasks wait for this process, which then is too slow to be a measure. */
    long behind() {
        return threads.getQueue().stream()
                .filter(task ->
                        task instanceof Delayed delayed && delayed.getDelay(TimeUnit.MILLISECONDS) < -HEAD_EVERY_MS)
                .count();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        wire.close();
        threads.shutdownNow();
    }
}
