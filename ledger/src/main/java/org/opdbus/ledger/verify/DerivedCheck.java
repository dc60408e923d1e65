// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.merkle.LeavesFile;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.read.Chunk;

/** Compares the derived files with the entries. A difference is not damage: the next start rebuilds the files. */
final class DerivedCheck {
    private final LedgerDirectory directory;
    private final List<String> notices = new ArrayList<>();
    private long first;
    private boolean differs;

    DerivedCheck(LedgerDirectory directory) {
        this.directory = directory;
    }

    /** Some lines are valid; this is the tree before them. */
    void lines(Chunk.Checked checked, MerkleRange before) {
        long segmentFirst = checked.chunk().segment().first();
        Path file = directory.leaves(segmentFirst);
        if (segmentFirst != first) {
            first = segmentFirst;
            differs = false;
            byte[] expected = LeavesFile.header(new LeavesFile.Start(before.size(), checked.firstPrev(), before));
            boolean fits = LeavesFile.start(directory, first)
                    .map(start -> Arrays.equals(LeavesFile.header(start), expected))
                    .orElse(false);
            if (!fits) {
                differ(file + " does not say what precedes its segment");
            }
        }
        byte[] stored = LeavesFile.leaves(directory, first, before.size() + 1, checked.good());
        // While the ledger is written, the file may end a little before the entries do.
        if (!Arrays.equals(stored, 0, stored.length, checked.leaves(), 0, stored.length)) {
            differ(file + " does not match the entries from " + (before.size() + 1) + " on");
        }
    }

    private void differ(String what) {
        if (!differs) {
            differs = true;
            notices.add("derived file " + what + "; it is ignored, and rebuilt at the next start");
        }
    }

    List<String> notices() {
        return notices;
    }
}
