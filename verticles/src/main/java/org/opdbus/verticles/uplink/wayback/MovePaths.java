// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.nio.file.Path;

/** The names in the folder of moves. */
record MovePaths(Path folder) {
    /** Excludes the mover and the script from one another. */
    Path lock() {
        return folder.resolve("lock");
    }

    /** The folder of the move that is not over yet, or not settled. */
    Path move() {
        return folder.resolve("move");
    }

    Path script() {
        return move().resolve("undo.sh");
    }

    Path journal() {
        return journal(move());
    }

    static Path journal(Path move) {
        return move.resolve("journal");
    }

    static Path plan(Path move) {
        return move.resolve("plan.json");
    }

    /** The folder of kept copies: {@code N.before} and {@code N.after} of the file of this number in the plan. */
    static Path kept(Path move) {
        return move.resolve("kept");
    }

    /** Holds room on the disk for the journal; the script removes it, so that it can say what it does. */
    static Path reserve(Path move) {
        return move.resolve("reserve");
    }

    /** Is there if the agent has recorded the end of the move. */
    static Path recorded(Path move) {
        return move.resolve("recorded");
    }

    /** Moves that are over. */
    Path ended() {
        return folder.resolve("ended");
    }

    /** The plans of the links that are on a bridge by a confirmed move. */
    Path links() {
        return folder.resolve("links");
    }

    /** The plan of the confirmed move of this link. */
    Path link(String link) {
        return links().resolve(link + ".json");
    }
}
