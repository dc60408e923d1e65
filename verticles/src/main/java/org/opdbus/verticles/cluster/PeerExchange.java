// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.opdbus.events.Event;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.cluster.audit.HeldHead;
import org.opdbus.verticles.cluster.audit.LedgerAuditor;
import org.opdbus.verticles.cluster.claims.Claims;
import org.opdbus.verticles.cluster.claims.Running;
import org.opdbus.verticles.cluster.entries.EntryPuller;
import org.opdbus.verticles.cluster.entries.EntryServer;
import org.opdbus.verticles.cluster.limits.FileThread;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.limits.StateFile;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.cluster.wire.SignedMessage;
import org.opdbus.verticles.cluster.wire.Wire;
import org.opdbus.verticles.limits.TaskThread;

/**
 * Everything between this host and its peers: it passes each message to the component that it concerns. For use by one
 * thread, which calls {@link #begin} first, except {@link #heard}, {@link #isOpen}, {@link #hosts}, {@link #heldHeads}
 * and {@link #seen}.
 */
final class PeerExchange {
    private static final Duration HEADS_LIMIT = Duration.ofSeconds(2);
    private static final String UNKNOWN = "?";

    private final ClusterOptions options;
    private final Inputs inputs;
    private final PeerWarnings warnings;
    private final FileThread files = new FileThread("op-dbus-peers-files");
    /** Of its own, so that this host's files are saved while all peers ask for entries. */
    private final FileThread answers = new FileThread("op-dbus-peers-entries", Wire.HOSTS_MAX);

    private final StateFile<SavedPeers> file;
    private final FailureDetector peers;
    private final OwnHead own;
    private final PeerRuns runs;
    private final SignedSender sender;
    private final LiveFacts live;
    private final EntryServer server;
    private final EntryPuller puller;
    private final LedgerAuditor auditor;
    private final Running running = new Running();
    private final Optional<Claims> claims;
    private final PeerViews views;
    private Set<String> removed = Set.of();

    /**
     * The callbacks and inputs of an exchange.
     *
     * @param listener receives what peers send, and supplies the containers of this host
     * @param signer signs messages and says who signed them
     * @param forged counts the messages that were refused
     * @param facts receives what this host finds out about peers
     * @param removed says which hosts no longer belong to the cluster
     * @param changes receives the state of all other hosts when it has changed
     */
    record Inputs(
            ClusterListener listener,
            MessageSigner signer,
            ForgedMessages forged,
            Consumer<Event> facts,
            Supplier<Set<String>> removed,
            Consumer<List<SeenHost>> changes) {}

    PeerExchange(ClusterOptions options, Ledger ledger, TaskThread thread, PeerWarnings warnings, Inputs inputs) {
        this.options = options;
        this.warnings = warnings;
        this.inputs = inputs;
        file = new StateFile<>(options.file(), SavedPeers.NONE, System::nanoTime, warnings);
        peers = new FailureDetector(options.beatMs(), System::nanoTime);
        own = new OwnHead(options, ledger, this::table);
        runs = new PeerRuns(warnings);
        sender = new SignedSender(inputs.signer(), warnings);
        live = new LiveFacts(options.host());
        server = new EntryServer(options.host(), options.ledgerDir(), own::height, sender, answers, warnings);
        puller = new EntryPuller(options.host(), this::tell, new Random());
        auditor = new LedgerAuditor(
                options.host(),
                options.ledgerDir(),
                options.file().resolveSibling("heads.json"),
                sender,
                inputs.facts(),
                warnings,
                files);
        claims = options.claims()
                ? Optional.of(new Claims(options.host(), running, puller::isCaughtUp))
                : Optional.empty();
        views = new PeerViews(
                options,
                inputs.listener(),
                files,
                thread,
                puller::position,
                this::publishHead,
                inputs.changes(),
                warnings);
    }

    /**
     * Reads the memory of the earlier run, and records that a new run has begun.
     *
     * @param height the ledger's height when this run began
     * @throws IOException if that fails; then nothing has been sent, and the caller can try again
     */
    void begin(long height) throws IOException {
        SavedPeers saved = file.read();
        own.begin(Math.max(Instant.now().toEpochMilli(), saved.run() + 1), height);
        peers.restore(saved.rows());
        puller.restore(saved.positions());
        auditor.restore();
        views.begin(own.run(), peers.hosts());
        // Written before anything is sent in this run, so that no later run has the same number.
        file.write(saved());
    }

    private SavedPeers saved() {
        return SavedPeers.of(own.run(), peers.hosts(), puller.positions());
    }

    List<HostRow> hosts() {
        return peers.hosts();
    }

    List<SeenHost> seen() {
        return views.now();
    }

    /** Asks the peers that are up for the highest head of this host's ledger that they hold. For any thread. */
    Single<List<HeldHead>> heldHeads() {
        Set<String> up =
                hosts().stream().filter(HostRow::up).map(HostRow::host).collect(Collectors.toUnmodifiableSet());
        return auditor.heldBy(up, HEADS_LIMIT);
    }

    /** Notes a fact of this host, and returns whether it waits to be sent. For any thread; it returns at once. */
    boolean heard(Event event) {
        views.hear(event);
        running.hear(event);
        return isOpen() && live.append(event, Instant.now());
    }

    /** Returns whether there is a transport to send on. */
    boolean isOpen() {
        return sender.isOpen();
    }

    void join(Optional<ClusterTransport> transport) {
        sender.use(transport);
        publishHead();
    }

    /** Sends facts that wait, up to the limit of one message. Returns whether more wait and can be sent. */
    boolean sendLive() {
        live.next(own.run()).ifPresent(facts -> sender.publishFacts(peers.up(), facts));
        return isOpen() && !live.isEmpty();
    }

    /** Processes a message. An impossible or forged message is dropped with a log line, and blocks nothing. */
    void receive(Buffer bytes) {
        String host = UNKNOWN;
        try {
            Optional<Message> read = SignedMessage.read(bytes, options.host(), inputs.signer());
            host = read.map(Message::host).orElse(UNKNOWN);
            if (host.equals(options.host())) {
                beOnlyOne(read.get());
            } else if (read.isPresent() && isAdmitted(read.get())) {
                take(read.get());
            }
        } catch (SignedMessage.ForgedException e) {
            inputs.forged().refused(e, known(e.by()));
        } catch (RuntimeException e) {
            String name = UNKNOWN.equals(host) ? Wire.hostOf(bytes).orElse(UNKNOWN) : host;
            warnings.warn(known(name), "a message that " + name + " sent was dropped: " + e.getMessage());
        }
    }

    /** A name that no host has gets no place of its own in the log limit. */
    private String known(String name) {
        return peers.isKnown(name) ? name : UNKNOWN;
    }

    /** A host receives its own heads. One of another run comes from another host with the same name. */
    private void beOnlyOne(Message message) {
        if (message instanceof Message.LedgerHead head && head.run() != own.run()) {
            warnings.warn(
                    options.host(),
                    "another agent uses this host's name, " + options.host()
                            + ", and peers accept only the one that began last; admit it under a "
                            + "name of its own, or stop it");
        }
    }

    private boolean isAdmitted(Message message) {
        String host = message.host();
        if (removed.contains(host)) {
            return false;
        }
        if (peers.isKnown(host)) {
            return true;
        }
        // Only hosts that have shown a head are accepted.
        if (!(message instanceof Message.LedgerHead) || peers.hasRoom()) {
            return message instanceof Message.LedgerHead;
        }
        Optional<String> leaving = peers.awayLongest();
        leaving.ifPresent(away -> forget(Set.of(away)));
        if (leaving.isEmpty()) {
            warnings.warn(UNKNOWN, host + " is ignored: " + Wire.HOSTS_MAX + " hosts are up, which is the limit");
        }
        return leaving.isPresent();
    }

    /** Every kind of message ends here, at the one component that it concerns. */
    private void take(Message message) {
        String host = message.host();
        if (message instanceof Message.LedgerHead head) {
            if (runs.isNews(head)) {
                take(head);
            }
        } else if (message instanceof Message.LiveFacts facts) {
            runs.news(facts).forEach(fact -> tell(new PeerEvent.Live(host, fact)));
        } else if (message instanceof Message.AskEntries ask) {
            server.ask(ask);
        } else if (message instanceof Message.Entries entries) {
            puller.entries(entries, nowMs()).ifPresent(ask -> sender.fetch(host, ask));
        } else if (message instanceof Message.AskProof ask) {
            auditor.askProof(ask);
        } else if (message instanceof Message.Proof proof) {
            auditor.proof(proof, nowMs());
        } else if (message instanceof Message.AskHead ask) {
            auditor.askHead(ask);
        } else if (message instanceof Message.Held held) {
            auditor.held(held);
        } else if (message instanceof Message.AskRows) {
            sender.to(host, views.answer());
        } else if (message instanceof Message.Rows rows) {
            views.rows(rows);
        } else if (message instanceof Message.AskClaim ask) {
            claims.ifPresent(open -> sender.to(host, open.answer(ask)));
        } else if (message instanceof Message.Claim claim) {
            claims.ifPresent(open -> open.claim(claim, nowMs()).forEach(inputs.facts()));
        }
    }

    private void take(Message.LedgerHead head) {
        auditor.head(head, nowMs());
        puller.head(head, nowMs()).ifPresent(ask -> sender.fetch(head.host(), ask));
        views.offered(head);
        if (peers.seen(head, Instant.now())) {
            // The peer may have begun before it could receive from this host.
            sender.to(head.host(), own.next());
            claims.ifPresent(open -> open.up(head.host()));
        }
    }

    private void tell(PeerEvent event) {
        try {
            if (event instanceof PeerEvent.Recorded recorded) {
                claims.ifPresent(open -> open.told(
                        event.host(), recorded.entry().kind(), recorded.entry().subject()));
            } else if (event instanceof PeerEvent.Missed missed) {
                warnings.warn(
                        missed.host(),
                        "the ledger of " + missed.host() + " no longer holds its entries " + missed.from() + " to "
                                + missed.to() + ", so they are not shown here");
            }
            inputs.listener().hear(event);
        } catch (RuntimeException e) {
            // The messages after it must be processed even so.
            warnings.warn(options.host(), "what " + event.host() + " sent could not be processed: " + e);
        }
    }

    /** Sends what is due: the head, and questions. */
    void sendDue() {
        if (isOpen()) {
            if (own.isDue(nowMs())) {
                publishHead();
            }
            puller.ask(nowMs()).forEach(sender::fetch);
            claims.map(open -> open.turn(nowMs())).orElse(Map.of()).forEach(sender::to);
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Publishes and saves what is new. */
    void look() {
        views.look(peers.hosts(), nowMs(), sender);
    }

    /** Checks which peers have shown no head for a while, and saves what is new. */
    void check() {
        peers.look();
        file.writeIfDue(this::saved, files);
        auditor.save();
    }

    private long table() {
        return views.version();
    }

    /** Shows this host's head to all, if there is a transport. */
    void publishHead() {
        if (isOpen()) {
            sender.publishHead(own.forAll(peers.up().size() + 1, nowMs()));
        }
    }

    /** Forgets the hosts that were removed from the cluster. */
    void forgetRemoved() {
        removed = Set.copyOf(inputs.removed().get());
        forget(removed);
    }

    private void forget(Set<String> hosts) {
        peers.forget(hosts);
        runs.forget(hosts);
        puller.forget(hosts);
        views.forget(hosts);
    }

    /** Saves what is known, and ends. */
    void end() throws IOException {
        sender.use(Optional.empty());
        files.close();
        answers.close();
        views.end();
        views.save();
        auditor.end();
        file.write(saved());
    }
}
