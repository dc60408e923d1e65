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
 * Entries for people: one line with the columns height, time, kind, subject and data. Text that is not plain and
 * printable is shown as JSON, so that an entry cannot control a terminal.
 */
public final class EntryColumns {
    private static final String FORMAT = "%8s  %-27s  %-22s  %-16s  %s";

    private static final String EVENT_FORMAT = "%-27s  %-22s  %-16s  %s";

    private static final String HOST_EVENT_FORMAT = "%-27s  %-12s  %-22s  %-16s  %s";

    private static final String HOST_FORMAT = "%-12s  %s";

    private EntryColumns() {}

    /** Returns the heading. */
    public static String header() {
        return String.format(Locale.ROOT, FORMAT, "HEIGHT", "TIME", "KIND", "SUBJECT", "DATA");
    }

    /** Returns an entry's line. */
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

    /** Returns the heading for events that are not, or not yet, entries. */
    public static String eventHeader() {
        return String.format(Locale.ROOT, EVENT_FORMAT, "TIME", "KIND", "SUBJECT", "DATA");
    }

    /** Returns the line of an event that is not, or not yet, an entry: the same columns without a height. */
    public static String event(String time, String kind, String subject, Map<String, Object> data) {
        return String.format(Locale.ROOT, EVENT_FORMAT, plain(time), plain(kind), plain(subject), words(data))
                .stripTrailing();
    }

    /** Returns the heading for events with their hosts. */
    public static String hostEventHeader() {
        return String.format(Locale.ROOT, HOST_EVENT_FORMAT, "TIME", "HOST", "KIND", "SUBJECT", "DATA");
    }

    /** Returns the line of such an event, with its host. */
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

    /** Returns the heading for entries with their hosts. */
    public static String hostHeader() {
        return String.format(Locale.ROOT, HOST_FORMAT, "HOST", header());
    }

    /** Returns an entry's line with its host before it. */
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

    /** Returns an entry with all its fields, one line each. */
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

    /** Returns a text unchanged if it is unambiguous, otherwise as JSON. */
    private static String plain(String text) {
        boolean plain = !text.isEmpty()
                && text.codePoints().allMatch(c -> c > ' ' && c != '"' && c != '=' && Printable.isVisible(c));
        return plain ? text : visible(json(text));
    }

    private static String json(Object value) {
        return new String(CanonicalJson.of(value), StandardCharsets.UTF_8);
    }

    /** Escapes what JSON permits but a terminal might interpret (C1 controls, direction marks). */
    private static String visible(String json) {
        return Printable.of(json);
    }
}
