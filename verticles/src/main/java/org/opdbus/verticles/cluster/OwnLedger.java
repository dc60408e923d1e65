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
import org.opdbus.ledger.LedgerFollower;
import org.opdbus.ledger.LedgerProver;
import org.opdbus.ledger.LedgerReader;

/** What siblings may ask of this host's ledger. Reads files, so it is for a thread that may wait. */
final class OwnLedger {
    private static final int LINES_MAX = 256;

    private static final int PROOFS_MAX = 16;

    private final Path dir;
    private final Map<List<String>, String> proofs = Collections.synchronizedMap(new Last());

    OwnLedger(Path dir) {
        this.dir = dir;
    }

    /** Lines from a height on, in order and without a hole, as many as one message takes; none if there are none. */
    List<String> lines(long from, long to) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        long bytes = 0;
        // Looked up first: following waits for nothing, but past the end it has nothing to follow either.
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
                // As a text in JSON it takes more bytes than in the file. One by itself always has room: the ledger
                // takes
                // none over 256 KiB, and no character of a line is written as more than two.
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
     * The proof that one checkpoint of this ledger continues another.
     *
     * @throws org.opdbus.ledger.LedgerException if it does not
     */
    String proof(String older, String newer) {
        // Several siblings ask for the same: all that know the host equally well, when it comes back.
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
