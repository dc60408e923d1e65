// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.opdbus.ledger.CanonicalJson;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.Printable;
import org.opdbus.ledger.text.EntryTime;

/**
 * Entries as people read them: one line with the columns height, time, kind, subject and data. Whatever is not plain
 * printable text is shown as JSON, so that an entry cannot steer a terminal.
 */
public final class EntryColumns {
    private static final String FORMAT = "%8s  %-27s  %-22s  %-16s  %s";

    private static final String EVENT_FORMAT = "%-27s  %-22s  %-16s  %s";

    private static final String HOST_EVENT_FORMAT = "%-27s  %-12s  %-22s  %-16s  %s";

    private static final String HOST_FORMAT = "%-12s  %s";

    private EntryColumns() {}

    /** The names of the columns. */
    public static String header() {
        return String.format(Locale.ROOT, FORMAT, "HEIGHT", "TIME", "KIND", "SUBJECT", "DATA");
    }

    /** An entry's line. */
    public static String of(Entry entry) {
        return String.format(
                        Locale.ROOT,
                        FORMAT,
                        entry.height(),
                        EntryTime.write(entry.time()),
                        plain(entry.kind()),
                        plain(entry.subject()),
                        words(entry.data()))
                .stripTrailing();
    }

    /** The names of the columns of what is no entry, or not yet. */
    public static String eventHeader() {
        return String.format(Locale.ROOT, EVENT_FORMAT, "TIME", "KIND", "SUBJECT", "DATA");
    }

    /** The line of what is no entry, or not yet: the same columns without a height. */
    public static String event(String time, String kind, String subject, Map<String, Object> data) {
        return String.format(Locale.ROOT, EVENT_FORMAT, plain(time), plain(kind), plain(subject), words(data))
                .stripTrailing();
    }

    /** The names of the columns where each event has its host. */
    public static String hostEventHeader() {
        return String.format(Locale.ROOT, HOST_EVENT_FORMAT, "TIME", "HOST", "KIND", "SUBJECT", "DATA");
    }

    /** The line of what is no entry, or not yet, with its host. */
    public static String hostEvent(String time, String host, String kind, String subject, Map<String, Object> data) {
        return String.format(
                        Locale.ROOT,
                        HOST_EVENT_FORMAT,
                        plain(time),
                        plain(host),
                        plain(kind),
                        plain(subject),
                        words(data))
                .stripTrailing();
    }

    /** The names of the columns where each entry has its host. */
    public static String hostHeader() {
        return String.format(Locale.ROOT, HOST_FORMAT, "HOST", header());
    }

    /** An entry's line with its host before it. */
    public static String withHost(Entry entry) {
        return String.format(Locale.ROOT, HOST_FORMAT, plain(entry.host()), of(entry));
    }

    private static String words(Map<String, Object> data) {
        StringBuilder words = new StringBuilder();
        data.forEach((key, value) -> words.append(words.isEmpty() ? "" : " ")
                .append(plain(key))
                .append('=')
                .append(shown(value)));
        return words.toString();
    }

    /** An entry with all its fields, a line each. */
    public static String full(Entry entry) {
        StringBuilder text = new StringBuilder();
        field(text, "height", Long.toString(entry.height()));
        field(text, "time", EntryTime.write(entry.time()));
        field(text, "host", plain(entry.host()));
        field(text, "kind", plain(entry.kind()));
        field(text, "subject", plain(entry.subject()));
        for (Map.Entry<String, Object> item : entry.data().entrySet()) {
            field(text, "  " + plain(item.getKey()), shown(item.getValue()));
        }
        field(text, "prev", entry.prev());
        field(text, "hash", entry.hash());
        return text.toString();
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-14s %s%n", name, value));
    }

    private static String shown(Object value) {
        return value instanceof String text ? plain(text) : visible(json(value));
    }

    /** A text as it is if that can be mistaken for nothing else, else as JSON. */
    private static String plain(String text) {
        boolean plain = !text.isEmpty()
                && text.codePoints().allMatch(c -> c > ' ' && c != '"' && c != '=' && Printable.isVisible(c));
        return plain ? text : visible(json(text));
    }

    private static String json(Object value) {
        return new String(CanonicalJson.of(value), StandardCharsets.UTF_8);
    }

    /** Writes what JSON lets stand but a terminal might obey (C1 controls, direction marks) as escapes. */
    private static String visible(String json) {
        return Printable.of(json);
    }
}
