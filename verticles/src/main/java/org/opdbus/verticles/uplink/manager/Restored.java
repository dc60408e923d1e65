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

/** Turns the changes of files around that a move has made. */
final class Restored {
    private Restored() {}

    /**
     * Returns the changes that make the files what they were. A file in {@code /run} that a boot has removed stays removed.
     *
     * @throws UplinkRefusal if a file is no longer what the move has written; the reasons name the first difference
     */
    static List<FileChange> of(HostFiles files, List<FileChange> written) throws IOException {
        List<FileChange> changes = new ArrayList<>();
        List<Reason> reasons = new ArrayList<>();
        for (FileChange change : written) {
            Optional<String> now = files.exactText(change.path());
            if (now.equals(change.before()) || (now.isEmpty() && change.path().startsWith("/run/"))) {
                continue;
            }
            if (now.equals(change.after())) {
                changes.add(new FileChange(
                        change.path(), /* before= */ change.after(), /* after= */ change.before(), change.mode()));
            } else {
                reasons.add(new Reason(
                        change.path() + " has changed since the move: "
                                + difference(change.after().orElse(""), now.orElse("")),
                        "make it what the move wrote, or restore what was there before by hand"));
            }
        }
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        return changes;
    }

    private static String difference(String written, String now) {
        String[] former = written.split("\n", -1);
        String[] current = now.split("\n", -1);
        int i = 0;
        while (i < former.length && i < current.length && former[i].equals(current[i])) {
            i++;
        }
        return "line " + (i + 1) + " was \"" + (i < former.length ? former[i] : "") + "\", and is \""
                + (i < current.length ? current[i] : "") + "\"";
    }
}
