// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.opdbus.ledger.CanonicalJson;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.text.CanonicalText;
import org.opdbus.ledger.text.EntryTime;
import org.opdbus.ledger.text.LineScanner;

/**
 * Selects entries: those that match all given conditions.
 *
 * @param kind the kind, or with {@code .*} at its end every kind that begins so
 * @param subject the subject
 * @param since recorded at this time or later
 * @param until recorded before this time
 * @param text a text that the entry's line contains
 */
public record EntryFilter(
        Optional<String> kind,
        Optional<String> subject,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<String> text) {
    /** Accepts every entry. */
    public static final EntryFilter ALL =
            new EntryFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public EntryFilter withKind(String value) {
        return new EntryFilter(Optional.of(value), subject, since, until, text);
    }

    public EntryFilter withSubject(String value) {
        return new EntryFilter(kind, Optional.of(value), since, until, text);
    }

    public EntryFilter withSince(Instant value) {
        return new EntryFilter(kind, subject, Optional.of(value), until, text);
    }

    public EntryFilter withUntil(Instant value) {
        return new EntryFilter(kind, subject, since, Optional.of(value), text);
    }

    public EntryFilter withText(String value) {
        return new EntryFilter(kind, subject, since, until, Optional.of(value));
    }

    /** Returns whether an entry matches. */
    public boolean matches(Entry entry) {
        return kind.map(wanted -> isKind(entry.kind(), wanted)).orElse(true)
                && subject.map(entry.subject()::equals).orElse(true)
                && isInTime(entry.time())
                && text.map(wanted -> entry.line().contains(inLine(wanted))).orElse(true);
    }

    /** Returns whether a line that was just scanned matches, without making an entry of it. */
    boolean matches(LineScanner line, byte[] bytes, int length) {
        return kind.map(wanted -> isKind(CanonicalText.read(bytes, line.kindFrom, line.kindTo), wanted))
                        .orElse(true)
                && subject.map(CanonicalText.read(bytes, line.subjectFrom, line.subjectTo)::equals)
                        .orElse(true)
                && ((since.isEmpty() && until.isEmpty()) || isInTime(EntryTime.read(bytes, line.timeFrom)))
                && text.map(wanted -> new String(bytes, line.lineFrom, length, StandardCharsets.UTF_8)
                                .contains(inLine(wanted)))
                        .orElse(true);
    }

    private boolean isInTime(Instant time) {
        return since.map(from -> !time.isBefore(from)).orElse(true)
                && until.map(time::isBefore).orElse(true);
    }

    private static boolean isKind(String kind, String wanted) {
        return wanted.endsWith(".*") ? kind.startsWith(wanted.substring(0, wanted.length() - 1)) : kind.equals(wanted);
    }

    /** Returns the text as it is written inside a JSON string. */
    private static String inLine(String text) {
        String quoted = new String(CanonicalJson.of(text), StandardCharsets.UTF_8);
        return quoted.substring(1, quoted.length() - 1);
    }
}
