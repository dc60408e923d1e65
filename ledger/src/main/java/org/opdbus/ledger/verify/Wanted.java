// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.VerifierKey;

/**
 * What a verification checks in addition to the directory.
 *
 * @param key that must have signed; empty if that is not checked
 * @param anchors checkpoints that the ledger must continue
 * @param progress receives the progress
 * @param unsignedAllowed whether entries that no checkpoint covers are only a notice
 * @param agent asks the running agent for its latest checkpoint
 */
record Wanted(
        Optional<VerifierKey> key,
        List<Anchor> anchors,
        Verifier.Progress progress,
        boolean unsignedAllowed,
        Supplier<Optional<Checkpoint>> agent) {
    Wanted {
        anchors = List.copyOf(anchors);
    }

    /** A checkpoint that the ledger must continue, and its name in findings. */
    record Anchor(String name, Checkpoint checkpoint) {}
}
