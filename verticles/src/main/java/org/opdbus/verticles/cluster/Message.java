// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What one host says to others; {@link Wire} is its form. */
sealed interface Message {
    /** Who says it. */
    String host();

    /** Facts of that host. */
    record Copies(String host, List<Copy> copies) implements Message {
        public Copies {
            copies = List.copyOf(copies);
        }
    }

    /**
     * How far that host has come.
     *
     * @param beat counts the heartbeats of an epoch, so that an older one that comes late is known for it
     * @param base the ledger's height when the epoch began
     * @param first the first sequence that it can still send
     * @param firstHeight the ledger's height when that one was told
     * @param last the last sequence; 0 if there is none
     * @param height the ledger's height now
     * @param version of its program
     * @param checkpoint its ledger's, signed
     * @param key by which that is checked
     * @param table counts the changes of what its containers are, from 1 on; 0 if it tells nobody
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
        /** One that tells nobody of its containers. */
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
     * Asks for copies again.
     *
     * @param covered the height up to which the asker has all that was kept
     * @param oldest the first fact that it was told of and does not know to be on disk; {@code from} if there is none
     */
    record AskCopies(String host, long epoch, long from, long to, long covered, long oldest) implements Message {}

    /**
     * Copies are gone, and what was kept of them is on disk.
     *
     * @param exact whether the heights are just theirs; otherwise they hold others, too, and {@code before} is empty
     * @param kept where these facts are
     * @param before where those from {@code oldest} of the question up to these are
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

    /** Asks for entries of the ledger. */
    record AskEntries(String host, long from, long to) implements Message {}

    /** Lines of that host's ledger from a height on; none if there are none. */
    record Entries(String host, long from, List<String> lines) implements Message {
        public Entries {
            lines = List.copyOf(lines);
        }
    }

    /** Asks for the proof that one checkpoint continues another. */
    record AskProof(String host, String older, String newer) implements Message {}

    /** That proof, or why there is none: one of both is empty. */
    record Proof(String host, String older, String newer, String text, String problem) implements Message {}

    /**
     * Asks whether containers run on a host now.
     *
     * @param question told again in the answer, so that an older answer is known for it
     */
    record AskClaim(String host, long question, List<String> ids) implements Message {
        public AskClaim {
            ids = List.copyOf(ids);
        }
    }

    /**
     * Which of them do.
     *
     * @param caughtUp whether everything was heard there that the asker is known to have said
     * @param running those that run, and since when by that host's clock
     */
    record Claim(String host, long question, boolean caughtUp, Map<String, Instant> running) implements Message {
        public Claim {
            running = Map.copyOf(running);
        }
    }

    /** Asks for the containers of that host, from one of them on: 0 is the first. */
    record AskRows(String host, long from) implements Message {}

    /**
     * Containers of that host, some of them.
     *
     * @param epoch the run of its agent
     * @param table which of its tables in that run this is a part of
     * @param from the place of the first of these
     * @param of how many the table has
     * @param leftOut how many containers there are that the table has not, because it would be too large
     * @param rows each the JSON by which {@code query} shows a container there
     */
    record Rows(String host, long epoch, long table, long from, long of, long leftOut, List<String> rows)
            implements Message {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Asks for the highest head of the asker's ledger that a host holds.
     *
     * @param question told again in the answer
     */
    record AskHead(String host, long question) implements Message {}

    /** That head, a signed checkpoint; empty if there is none. */
    record Held(String host, long question, String checkpoint) implements Message {}
}
