// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.opdbus.events.Event;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.SharedBus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles everything between this host and its peers, once the memory of the earlier run has been read: it passes
 * each message to the component that it concerns. For use by one thread, except {@link #heard}, {@link #isOpen},
 * {@link #hosts}, {@link #heldHeads} and {@link #seen}.
 */
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int AWAY_AFTER_BEATS = 4;
    private static final int LINES_MAX = 4;
    private static final Duration HEADS_LIMIT = Duration.ofSeconds(2);
    private static final String SOMEBODY = "?";

    private final ClusterOptions options;
    private final Ledger ledger;
    private final long base;
    private final Inputs inputs;
    private final Complaints complaints;
    private final LogLimit lines = new LogLimit(LINES_MAX, System::nanoTime);
    private final FileThread files = new FileThread();
    private final Outbox outbox;
    private final HostFile file;
    private final Presence presence;
    private final Post post;
    private final Watch watch;
    private final Siblings siblings;
    private final SeenHosts seen;
    private Set<String> removed = Set.of();
    private long beats;

    /**
     * The callbacks and inputs of a conversation.
     *
     * @param onlooker receives what peers send, and supplies the containers of this host
     * @param facts receives what this host finds out about peers
     * @param removed says which hosts no longer belong to the cluster
     * @param changes receives the state of all other hosts when it has changed
     */
    record Inputs(
            Onlooker onlooker,
            Consumer<Event> facts,
            Supplier<Set<String>> removed,
            Consumer<List<SeenHost>> changes) {}

    /**
     * Reads the memory of the earlier run, and records that a new run has begun.
     *
     * @param base the ledger's height when the outbox began
     * @throws IOException if that fails; then nothing has been sent, and the caller can try again
     */
    Conversation(
            ClusterOptions options,
            Ledger ledger,
            long base,
            Outbox outbox,
            SiblingsThread thread,
            Complaints complaints,
            Inputs inputs)
            throws IOException {
        this.options = options;
        this.ledger = ledger;
        this.base = base;
        this.outbox = outbox;
        this.complaints = complaints;
        this.inputs = inputs;
        file = new HostFile(new DueFile(options.file(), System::nanoTime, complaints));
        HostFile.Content content = file.read();
        outbox.beginAfter(content.epoch());
        presence = new Presence(AWAY_AFTER_BEATS * options.beatMs(), content.rows(), System::nanoTime);
        post = new Post(presence::up, complaints);
        OwnLedger own = new OwnLedger(options.ledgerDir());
        watch = new Watch(options, own, post, inputs.facts(), this::isCaughtUp, complaints, files);
        siblings = new Siblings(
                options.host(), outbox, own, post, watch.andThen(this::tell), new Random(), content.positions(), files);
        seen = new SeenHosts(
                options,
                outbox.epoch(),
                inputs.onlooker(),
                files,
                work -> thread.run(work::run),
                this::tellHeartbeat,
                inputs.changes());
        seen.begin(presence.hosts());
        // Written before anything is sent in this epoch, so that no later run uses the same epoch.
        file.write(outbox.epoch(), presence.hosts(), content.positions());
    }

    private boolean isCaughtUp(String host) {
        return siblings.isCaughtUp(host);
    }

    List<HostRow> hosts() {
        return presence.hosts();
    }

    List<SeenHost> seen() {
        return seen.now();
    }

    /** Asks the peers that are up for the highest head of this host's ledger that they hold. For any thread. */
    Single<List<HeldHead>> heldHeads() {
        Set<String> up =
                hosts().stream().filter(HostRow::up).map(HostRow::host).collect(Collectors.toUnmodifiableSet());
        return watch.heldBy(up, HEADS_LIMIT);
    }

    /** Says that the outbox has a new fact of this host; returns at once. */
    void heard(Event event) {
        seen.hear(event);
        watch.heard(event);
    }

    /** Returns whether there is a bus to send on. */
    boolean isOpen() {
        return post.isOpen();
    }

    void join(Optional<SharedBus> bus) {
        post.use(bus.orElse(null));
        tellHeartbeat();
    }

    /** Sends waiting messages, up to the limit of one call. Returns whether more messages wait and can be sent. */
    boolean send() {
        return post.isOpen() && siblings.send();
    }

    /** Processes a message. An impossible message is dropped with a log line, and blocks nothing. */
    void receive(Buffer bytes) {
        String host = SOMEBODY;
        try {
            Optional<Message> read = Wire.read(bytes);
            if (read.isPresent() && isAdmitted(read.get())) {
                host = read.get().host();
                take(read.get());
            }
        } catch (RuntimeException e) {
            String known = SOMEBODY.equals(host) ? Wire.hostOf(bytes).orElse(SOMEBODY) : host;
            // A name that no host has gets no place of its own in the log limit.
            complaints.warn(
                    presence.isKnown(known) ? known : SOMEBODY,
                    "a message that " + known + " sent was dropped: " + e.getMessage());
        }
    }

    private boolean isAdmitted(Message message) {
        String host = message.host();
        if (removed.contains(host)) {
            return false;
        }
        if (host.equals(options.host())
                || !(message instanceof Message.Heartbeat)
                || presence.isKnown(host)
                || presence.hasRoom()) {
            return true;
        }
        Optional<String> leaving = presence.awayLongest();
        leaving.ifPresent(away -> forget(Set.of(away)));
        if (leaving.isEmpty()) {
            complaints.warn(
                    SOMEBODY, host + " is ignored: " + Presence.HOSTS_MAX + " hosts are up, which is the limit");
        }
        return leaving.isPresent();
    }

    private void take(Message message) {
        if (!message.host().equals(options.host())) {
            watch.receive(message);
        }
        if (!seen.receive(message, post, nowMs())
                && siblings.receive(message)
                && message instanceof Message.Heartbeat beat) {
            seen.heartbeat(beat);
            if (presence.seen(beat, Instant.now())) {
                // The peer may have begun before it could receive from this host; the heartbeat
                // tells it this host's position.
                post.to(beat.host(), heartbeat());
                watch.up(beat.host());
            }
        }
    }

    private void tell(Told told) {
        if (told instanceof Told.Missed missed) {
            OptionalLong silent = lines.next(missed.host());
            if (silent.isPresent()) {
                LOG.info(
                        "cluster.missed host={} from={} to={}: the entries that its ledger kept " + "follow",
                        missed.host(),
                        missed.from(),
                        missed.to());
            }
        }
        try {
            seen.told(told, post, nowMs());
        } catch (RuntimeException e) {
            // The messages after it must be processed even so.
            complaints.warn(options.host(), "what " + told.host() + " sent could not be processed: " + e);
        }
    }

    /** Sends the questions that are due. */
    void ask() {
        if (post.isOpen()) {
            siblings.ask(nowMs());
            watch.ask(nowMs());
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Publishes and saves what is new. */
    void look() throws IOException {
        seen.look(presence.hosts(), nowMs(), post);
    }

    /** Sends this host's position, and checks which peers have sent none for a while. */
    void beat() throws IOException {
        presence.look();
        tellHeartbeat();
        file.writeIfDue(outbox.epoch(), presence.hosts(), siblings.positions(), files);
        watch.save();
    }

    private void tellHeartbeat() {
        if (post.isOpen()) {
            post.toAll(heartbeat());
        }
    }

    private Message.Heartbeat heartbeat() {
        Checkpoint checkpoint = ledger.checkpoint();
        // After a power failure the last checkpoint on disk may be older than one that was sent;
        // the next one follows in a moment.
        String note = checkpoint.size() < base ? "" : checkpoint.note();
        return outbox.heartbeat(++beats, options.version(), note, options.key()).withTable(seen.version());
    }

    /** Forgets the hosts that were removed from the cluster. */
    void forgetRemoved() {
        removed = Set.copyOf(inputs.removed().get());
        forget(removed);
    }

    private void forget(Set<String> hosts) {
        presence.forget(hosts);
        siblings.forget(hosts);
        seen.forget(hosts);
    }

    /** Saves what is known, and ends. */
    void end() throws IOException {
        post.use(null);
        files.close();
        seen.end();
        seen.save();
        watch.end();
        file.write(outbox.epoch(), presence.hosts(), siblings.positions());
    }
}
