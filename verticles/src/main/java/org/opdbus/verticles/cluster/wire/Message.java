// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A message from one host to others; {@link Wire} is its form. */
sealed interface Message {
    /** Returns the sender. */
    String host();

    /** Facts of the sender. */
    record Copies(String host, List<Copy> copies) implements Message {
        public Copies {
            copies = List.copyOf(copies);
        }
    }

    /**
     * The position of the sender.
     *
     * @param beat counts the heartbeats of an epoch, so that a receiver recognises an older one that arrives late
     * @param base the ledger's height when the epoch began
     * @param first the first sequence that it can still send
     * @param firstHeight the ledger's height when that fact was published
     * @param last the last sequence; 0 if there is none
     * @param height the ledger's present height
     * @param version the version of its program
     * @param checkpoint its ledger's signed checkpoint
     * @param key the key that verifies it
     * @param table counts the changes of its containers, from 1 on; 0 if it does not send them
     */
    record Heartbeat(
            String host,
            long epoch,
            long beat,
            long base,
            long first,
            long firstHeight,
            long last,
            long height,
            String version,
            String checkpoint,
            String key,
            long table)
            implements Message {
        /** Creates a heartbeat of a host that does not send its containers. */
        Heartbeat(
                String host,
                long epoch,
                long beat,
                long base,
                long first,
                long firstHeight,
                long last,
                long height,
                String version,
                String checkpoint,
                String key) {
            this(host, epoch, beat, base, first, firstHeight, last, height, version, checkpoint, key, 0);
        }

        Heartbeat withTable(long count) {
            return new Heartbeat(
                    host, epoch, beat, base, first, firstHeight, last, height, version, checkpoint, key, count);
        }
    }

    /**
     * Requests copies again.
     *
     * @param covered the height up to which the requester has all that was kept
     * @param oldest the first fact that it received and does not know to be on disk; {@code from} if there is none
     */
    record AskCopies(String host, long epoch, long from, long to, long covered, long oldest) implements Message {}

    /**
     * The copies are gone, and what the ledger kept of them is on disk.
     *
     * @param exact whether the heights are exactly theirs; otherwise they include others, and {@code before} is empty
     * @param kept the heights of these facts
     * @param before the heights of the facts from {@code oldest} of the request up to these
     */
    record Gone(
            String host,
            long epoch,
            long from,
            long to,
            boolean exact,
            List<HeightRanges.Range> kept,
            List<HeightRanges.Range> before)
            implements Message {
        public Gone {
            kept = List.copyOf(kept);
            before = List.copyOf(before);
        }
    }

    /** Requests entries of the ledger. */
    record AskEntries(String host, long from, long to) implements Message {}

    /** Lines of the sender's ledger from a height on; empty if there are none. */
    record Entries(String host, long from, List<String> lines) implements Message {
        public Entries {
            lines = List.copyOf(lines);
        }
    }

    /** Requests the proof that one checkpoint continues another. */
    record AskProof(String host, String older, String newer) implements Message {}

    /** That proof, or the reason why there is none: one of the two is empty. */
    record Proof(String host, String older, String newer, String text, String problem) implements Message {}

    /**
     * Asks whether containers run on a host now.
     *
     * @param question repeated in the answer, so that an older answer is recognised
     */
    record AskClaim(String host, long question, List<String> ids) implements Message {
        public AskClaim {
            ids = List.copyOf(ids);
        }
    }

    /**
     * The containers of the question that run there.
     *
     * @param caughtUp whether the answering host has received everything that the asking host is known to have sent
     * @param running those that run, and since when by the answering host's clock
     */
    record Claim(String host, long question, boolean caughtUp, Map<String, Instant> running) implements Message {
        public Claim {
            running = Map.copyOf(running);
        }
    }

    /** Requests the containers of a host, from this one on: 0 is the first. */
    record AskRows(String host, long from) implements Message {}

    /**
     * Some of the sender's containers.
     *
     * @param epoch the run of its agent
     * @param table the number of the table in that run
     * @param from the position of the first of these
     * @param of how many the table has
     * @param leftOut how many containers are missing in the table because it would be too large
     * @param rows each the JSON by which {@code query} shows a container there
     */
    record Rows(String host, long epoch, long table, long from, long of, long leftOut, List<String> rows)
            implements Message {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Requests the highest head of the requester's ledger that a host holds.
     *
     * @param question repeated in the answer
     */
    record AskHead(String host, long question) implements Message {}

    /** That head, a signed checkpoint; empty if there is none. */
    record Held(String host, long question, String checkpoint) implements Message {}
}
