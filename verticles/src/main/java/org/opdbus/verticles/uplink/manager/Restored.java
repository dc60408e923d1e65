// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * Turns the changes of files around that a move has made.
 *
 * @param changes what makes the files what they were
 * @param notes what is lost with that, for people
 */
record Restored(List<FileChange> changes, List<String> notes) {
    /** Root alone reads it: a file of NetworkManager can have secrets. */
    private static final int COPY_MODE = 0600;

    /** What a reason, which is one line, shows of a difference. */
    private static final int FIRST_LINES = 3;

    private static final String COPY = ".op-dbus-discarded";

    Restored {
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /**
     * Returns the changes that make the files what they were. A file in {@code /run} that a boot has removed stays removed.
     *
     * @param discards whether to restore a file, too, that is no longer what the move has written; a copy of it is kept beside it
     * @throws UplinkRefusal if there is such a file, and it is not to be restored; the reasons show where it differs first
     */
    static Restored of(HostFiles files, List<FileChange> written, boolean discards) throws IOException {
        List<FileChange> changes = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Reason> reasons = new ArrayList<>();
        for (FileChange change : written) {
            Optional<String> now = files.exactText(change.path());
            if (now.equals(change.before()) || (now.isEmpty() && change.path().startsWith("/run/"))) {
                continue;
            }
            if (!now.equals(change.after())) {
                String changed = change.path() + " has changed since the move";
                List<String> difference = TextDifference.of(change.after().orElse(""), now.orElse(""));
                if (!discards) {
                    boolean isLong = difference.size() > FIRST_LINES;
                    reasons.add(new Reason(
                            changed + ": "
                                    + String.join(" ", isLong ? difference.subList(0, FIRST_LINES) : difference)
                                    + (isLong ? " and more" : ""),
                            "make it what the move wrote; or look at the difference with --dry-run, and lose it with "
                                    + "--discard-changes"));
                    continue;
                }
                Optional<FileChange> copy = copy(files, change.path(), now);
                copy.ifPresent(changes::add);
                notes.add(changed + ". This is lost"
                        + copy.map(kept -> ", but for a copy in " + kept.path()).orElse("")
                        + ":\n"
                        + String.join("\n", difference));
            }
            changes.add(new FileChange(change.path(), now, change.before(), change.mode()));
        }
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        return new Restored(changes, notes);
    }

    /** No program reads a file whose name begins with a dot as a part of its configuration. */
    private static Optional<FileChange> copy(HostFiles files, String path, Optional<String> now) throws IOException {
        if (now.isEmpty()) {
            return Optional.empty();
        }
        int name = path.lastIndexOf('/') + 1;
        String copy = path.substring(0, name) + "." + path.substring(name) + COPY;
        return Optional.of(new FileChange(copy, files.exactText(copy), now, COPY_MODE));
    }
}
