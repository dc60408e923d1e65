// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.HeadPace;
import org.opdbus.verticles.cluster.entries.EntryPuller;
import org.opdbus.verticles.cluster.wire.LiveFact;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.cluster.wire.PeerEvent;

/**
 * One host's side of the protocol towards one real agent: what it says of itself, what it answers, and what it asks. It
 * sends nothing itself. Every method may be called by any thread.
 */
final class PlayedHost {
    /** As a real host. */
    private static final int LINES_MAX = 256;

    private static final long BEAT_MS = 2_000;
    private static final long ROWS_EVERY_MS = 1_000;
    private static final long PROOF_EVERY_MS = 30_000;

    private static final int HISTORY = 20;
    private static final int CONTAINERS = 10;
    private static final int FACTS_AT_ONCE = 3;

    final String name;
    final MessageSigner signer;
    /** Whether the head will be shown soon because of a commit. */
    final AtomicBoolean headIsDue = new AtomicBoolean();
    /** When the head was shown last; 0 before the first time. */
    volatile long headAtMs;

    private final PlayedLedger ledger;
    private final EntryPuller puller;
    private final HeadPace pace;
    private final long run = Instant.now().toEpochMilli();
    private final List<String> rows = new ArrayList<>();
    private long heads;
    private long facts = 1;
    private long table = 1;
    private int started;

    private long agentTable;
    private long agentTableHeld;
    private long rowsAtMs = Long.MIN_VALUE;
    private @Nullable String agentProved;
    private String agentShows = "";
    private long proofAtMs = Long.MIN_VALUE;

    /**
     * Creates a host with a short history and some containers.
     *
     * @param told receives the entries of the agent
     */
    PlayedHost(String name, MessageSigner signer, PlayedLedger ledger, Consumer<PeerEvent> told, Random random) {
        this.name = name;
        this.signer = signer;
        this.ledger = ledger;
        puller = new EntryPuller(name, told, random);
        pace = new HeadPace(BEAT_MS, random);
        for (int i = 0; i < HISTORY; i++) {
            var unused = record("container.enrolled");
        }
        for (int i = 0; i < CONTAINERS; i++) {
            rows.add(row(i));
        }
    }

    private String row(int number) {
        return new JsonObject()
                .put("id", name + "-c" + number)
                .put("veth", "vi" + number)
                .put("bridge", "vmbr0")
                .put("running", true)
                .put("state", "enrolled")
                .put("reason", "")
                .put("since", Instant.now().toString())
                .put(
                        "properties",
                        new JsonObject().put("veth.hwaddr", "02:00:00:00:00:01").put("starts", started))
                .encode();
    }

    /** Returns all entries so far, which are few. */
    synchronized Message.Entries history() {
        return new Message.Entries(name, 1, ledger.lines(1, ledger.height(), LINES_MAX));
    }

    /** Records one fact, and returns its entry. */
    synchronized Message.Entries record(String kind) {
        ledger.append(
                kind,
                name + "-c" + started % CONTAINERS,
                Map.of("bridge", "vmbr0", "port", "vi" + started, "enrollment", "0123456789abcdef", "took_ms", 12));
        return new Message.Entries(name, ledger.height(), ledger.lines(ledger.height(), ledger.height(), 1));
    }

    /** A container was started again: the list of containers is another one now. */
    synchronized void restarted() {
        rows.set(started % CONTAINERS, row(started % CONTAINERS));
        started++;
        table++;
    }

    /** Returns facts that no ledger records, as links and ports cause them when a container starts. */
    synchronized Message.LiveFacts facts() {
        List<LiveFact> some = IntStream.range(0, FACTS_AT_ONCE)
                .mapToObj(number -> new LiveFact(
                        Instant.now(),
                        "link.changed",
                        "vi" + started,
                        new JsonObject().put("index", number).put("up", true).put("namespace", 4_026_532_000L)))
                .toList();
        long first = facts;
        facts += some.size();
        return new Message.LiveFacts(name, run, first, some);
    }

    /** Returns whether the next head is due, if one was shown before. */
    synchronized boolean isHeadDue() {
        return headAtMs > 0 && pace.isDue(nowMs());
    }

    /**
     * Returns a head to show now.
     *
     * @param hosts how many are up, with this one
     */
    synchronized Message.LedgerHead head(int hosts) {
        headAtMs = nowMs();
        pace.shown(hosts, headAtMs);
        return new Message.LedgerHead(
                name,
                run,
                ++heads,
                0,
                ledger.height(),
                "played",
                ledger.checkpoint().note(),
                ledger.key(),
                table,
                pace.promisedMs());
    }

    /** Returns the questions that are due now. */
    synchronized List<Message> due() {
        List<Message> due = new ArrayList<>(puller.ask(nowMs()).values());
        if (agentTable != agentTableHeld && nowMs() >= rowsAtMs) {
            rowsAtMs = nowMs() + ROWS_EVERY_MS;
            due.add(new Message.AskRows(name));
        }
        if (agentProved != null && !agentProved.equals(agentShows) && nowMs() >= proofAtMs) {
            proofAtMs = nowMs() + PROOF_EVERY_MS;
            due.add(new Message.AskProof(name, agentProved, agentShows));
        }
        return due;
    }

    /** Processes a message of the agent; returns what to say to it. */
    synchronized Optional<Message> hear(Message message) {
        if (message instanceof Message.LedgerHead head) {
            agentTable = head.table();
            agentShows = head.checkpoint().isEmpty() ? agentShows : head.checkpoint();
            if (agentProved == null && !agentShows.isEmpty()) {
                // The first one that a host shows is believed.
                agentProved = agentShows;
                proofAtMs = nowMs() + PROOF_EVERY_MS;
            }
            return puller.head(head, nowMs()).map(Message.class::cast);
        } else if (message instanceof Message.Entries entries) {
            return puller.entries(entries, nowMs()).map(Message.class::cast);
        } else if (message instanceof Message.Rows held) {
            agentTableHeld = held.table();
            agentTable = held.table();
        } else if (message instanceof Message.Proof proof && proof.problem().isEmpty()) {
            agentProved = proof.newer();
        } else if (message instanceof Message.AskEntries ask) {
            return Optional.of(new Message.Entries(name, ask.from(), ledger.lines(ask.from(), ask.to(), LINES_MAX)));
        } else if (message instanceof Message.AskRows) {
            return Optional.of(new Message.Rows(name, run, table, 0, rows));
        } else if (message instanceof Message.AskProof ask) {
            return Optional.of(
                    new Message.Proof(name, ask.older(), ask.newer(), ledger.proof(ask.older(), ask.newer()), ""));
        } else if (message instanceof Message.AskClaim ask) {
            return Optional.of(new Message.Claim(name, ask.question(), true, Map.of()));
        } else if (message instanceof Message.AskHead ask) {
            return Optional.of(new Message.Held(name, ask.question(), agentShows));
        }
        return Optional.empty();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
