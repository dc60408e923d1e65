// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerFollower;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.LedgerProver;

/** Answers peers' requests about this host's ledger. It reads files, so call it on a thread that may block. */
final class OwnLedger {
    private static final int LINES_MAX = 256;

    private static final int PROOFS_MAX = 16;

    private final Path dir;
    private final Map<List<String>, String> proofs = Collections.synchronizedMap(new Last());

    OwnLedger(Path dir) {
        this.dir = dir;
    }

    /**
     * Returns lines from a height on, in order and without a gap, as many as one message takes; empty if there are
     * none.
     */
    List<String> lines(long from, long to) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        long bytes = 0;
        // Looked up first: following never blocks, but past the end it has no entry to follow.
        long last = LedgerReader.of(dir).last().map(Entry::height).orElse(0L);
        if (from < 1 || from > last) {
            return lines;
        }
        try (LedgerFollower follower = LedgerReader.of(dir).follow(from - 1)) {
            while (lines.size() < LINES_MAX && from + lines.size() <= Math.min(to, last)) {
                Optional<Entry> entry = follower.next(Duration.ZERO);
                if (entry.isEmpty()) {
                    break;
                }
                String line = entry.get().line();
                // As JSON text a line takes more bytes than in the file. A single line always fits:
                // the ledger accepts none over 256 KiB, and no character of a line becomes more
                // than two.
                bytes += JsonSize.ofText(line) + 1;
                if (bytes > Wire.BATCH_BYTES_MAX && !lines.isEmpty()) {
                    break;
                }
                lines.add(line);
            }
        }
        return lines;
    }

    /**
     * Returns the proof that one checkpoint of this ledger continues another.
     *
     * @throws org.opdbus.ledger.LedgerException if it does not
     */
    String proof(String older, String newer) {
        // Several peers request the same proof: all that have the same knowledge of this host when
        // it returns.
        return proofs.computeIfAbsent(
                List.of(older, newer),
                heads -> LedgerProver.of(dir)
                        .consistency(Checkpoint.parse(older), Checkpoint.parse(newer))
                        .text());
    }

    private static final class Last extends LinkedHashMap<List<String>, String> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, String> eldest) {
            return size() > PROOFS_MAX;
        }
    }
}
