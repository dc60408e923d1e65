// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.erdtman.jcs.NumberToJSON;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes an entry's line and nothing else: exactly the fields of the schema, in canonical form (RFC 8785) byte
 * for byte. It builds no objects, because verifying reads every line of a ledger. Not safe for use by several
 * threads.
 *
 * <p>A line that it accepts is its own canonicalization; a test compares it with the library.
 */
public final class LineScanner {
    /** Above this a double no longer tells every integer apart, and RFC 8785 numbers are doubles. */
    public static final long INTEGER_MAX = 1L << 53;

    /** Deep enough for real data, and no danger to the stack of a reader. */
    public static final int DEPTH_MAX = 32;

    /** A longer line is damage; the limit keeps a reader's memory small. */
    public static final int LINE_BYTES_MAX = 256 * 1024;

    /** How many characters a host, a kind and a subject may have. */
    public static final int NAME_LENGTH_MAX = 256;

    public static final int TIME_LENGTH = "2025-01-01T00:00:00.000000Z".length();

    private static final byte[] DATA = ascii("{\"data\":");
    private static final byte[] HASH = ascii(",\"hash\":\"");
    private static final byte[] HEIGHT = ascii("\",\"height\":");
    private static final byte[] HOST = ascii(",\"host\":");
    private static final byte[] KIND = ascii(",\"kind\":");
    private static final byte[] PREV = ascii(",\"prev\":\"");
    private static final byte[] SUBJECT = ascii("\",\"subject\":");
    private static final byte[] TIME = ascii(",\"time\":\"");
    private static final byte[] END = ascii("\"}");

    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int depth;
    /** The beginning of a time that is known to be valid. */
    private final byte[] secondBefore = ascii("2025-01-01T00:00:00.");

    private @Nullable String problem;

    // The begin and end of the fields in the bytes of the last scanned line; texts include their
    // quotes.
    public int lineFrom;
    public int dataFrom;
    public int dataTo;
    public int hashFrom;
    public long height;
    public int hostFrom;
    public int hostTo;
    public int kindFrom;
    public int kindTo;
    public int prevFrom;
    public int subjectFrom;
    public int subjectTo;
    public int timeFrom;

    /** Returns the error in the line, or null if it is an entry's. It does not check the hash. */
    public @Nullable String scan(byte[] from, int offset, int length) {
        String wrong = scanFirst(from, offset, length);
        return wrong == null && end != offset + length ? "something follows the entry" : wrong;
    }

    /**
     * Scans the first of several lines, without looking for its end first: canonical JSON has no newline in it.
     * {@link #lineLength} returns its length.
     */
    public @Nullable String scanFirst(byte[] from, int offset, int length) {
        bytes = from;
        lineFrom = offset;
        at = offset;
        end = offset + length;
        depth = 0;
        problem = null;
        if (length == 0 || from[offset] == '\n') {
            return "the line is empty";
        }
        return fields() ? null : problem();
    }

    /** Returns the length of the last accepted line, without its newline. */
    public int lineLength() {
        return end - lineFrom;
    }

    /** Writes the SHA-256 of the last scanned line, without its hash field, to the given position. */
    public void computeHash(Sha256 sha, byte[] into, int where) {
        int fieldFrom = dataTo + 1;
        int fieldTo = hashFrom + 2 * Sha256.BYTES + 2;
        sha.parts(bytes, lineFrom, fieldFrom - lineFrom, fieldTo, end - fieldTo, into, where);
    }

    private String problem() {
        String what = problem == null ? "it is not the canonical JSON of an entry" : problem;
        return what + " (at byte " + (at - lineFrom) + " of the line)";
    }

    private boolean fields() {
        if (!literal(DATA)) {
            return false;
        }
        dataFrom = at;
        if (at >= end || bytes[at] != '{' || !value()) {
            return fail("the data is not a canonical JSON object");
        }
        dataTo = at;
        if (!literal(HASH)) {
            return false;
        }
        hashFrom = at;
        if (!hex() || !literal(HEIGHT) || !heightNumber() || !literal(HOST)) {
            return false;
        }
        hostFrom = at;
        if (!name("host")) {
            return false;
        }
        hostTo = at;
        return literal(KIND) && fieldsFromKind();
    }

    private boolean fieldsFromKind() {
        kindFrom = at;
        if (!name("kind")) {
            return false;
        }
        kindTo = at;
        if (!literal(PREV)) {
            return false;
        }
        prevFrom = at;
        if (!hex() || !literal(SUBJECT)) {
            return false;
        }
        subjectFrom = at;
        if (!name("subject")) {
            return false;
        }
        subjectTo = at;
        if (!literal(TIME)) {
            return false;
        }
        timeFrom = at;
        return time() && literal(END) && ends();
    }

    private boolean ends() {
        if (at < end && bytes[at] != '\n') {
            return fail("something follows the entry");
        }
        end = at;
        return true;
    }

    private boolean fail(String what) {
        if (problem == null) {
            problem = what;
        }
        return false;
    }

    private boolean literal(byte[] expected) {
        if (end - at < expected.length
                || !Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length)) {
            return fail("expected " + new String(expected, StandardCharsets.US_ASCII));
        }
        at += expected.length;
        return true;
    }

    private boolean hex() {
        int to = at + 2 * Sha256.BYTES;
        if (to > end) {
            return fail("a hash is cut off");
        }
        if (!Hex.isHash(bytes, at)) {
            return fail("a hash is not lower-case hex");
        }
        at = to;
        return true;
    }

    private boolean heightNumber() {
        height = 0;
        int from = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - from <= 16) {
            height = height * 10 + bytes[at++] - '0';
        }
        return (at > from && bytes[from] != '0' && height <= INTEGER_MAX) || fail("the height is not a valid height");
    }

    private boolean name(String what) {
        int from = at;
        if (!text() || at - from == 2) {
            return fail("the " + what + " is not a canonical, non-empty string");
        }
        // No character takes less than a byte, so short names, which are almost all, need not be decoded.
        return at - from - 2 <= NAME_LENGTH_MAX
                || CanonicalText.read(bytes, from, at).length() <= NAME_LENGTH_MAX
                || fail("the " + what + " has over " + NAME_LENGTH_MAX + " characters");
    }

    /** Accepts a date and time in UTC with six digits of fraction (RFC 3339), on a day that exists. */
    private boolean time() {
        if (end - at < TIME_LENGTH
                || !(isSecondBefore() ? EntryTime.endsValid(bytes, at) : EntryTime.isValid(bytes, at))) {
            return fail("the time is not RFC 3339 UTC with microseconds");
        }
        System.arraycopy(bytes, at, secondBefore, 0, secondBefore.length);
        at += TIME_LENGTH;
        return true;
    }

    /** Returns whether the time is in the same second as the last valid one, as in most lines of a busy ledger. */
    private boolean isSecondBefore() {
        return Arrays.equals(bytes, at, at + secondBefore.length, secondBefore, 0, secondBefore.length);
    }

    private boolean value() {
        if (at >= end) {
            return fail("the line is cut off");
        }
        return switch (bytes[at]) {
            case '{' -> ++depth <= DEPTH_MAX && object();
            case '[' -> ++depth <= DEPTH_MAX && array();
            case '"' -> text();
            case 't' -> word("true");
            case 'f' -> word("false");
            default -> number();
        };
    }

    private boolean word(String word) {
        return literal(ascii(word));
    }

    private boolean object() {
        at++;
        if (at < end && bytes[at] == '}') {
            return close();
        }
        int keyBefore = -1;
        int keyBeforeTo = -1;
        while (true) {
            int key = at;
            if (at >= end || !text()) {
                return fail("a key is not a canonical string");
            }
            if (keyBefore >= 0 && !ascends(keyBefore, keyBeforeTo, key, at)) {
                return fail("a key is doubled or out of order");
            }
            keyBefore = key;
            keyBeforeTo = at;
            if (at >= end || bytes[at++] != ':' || !value()) {
                return fail("a key has no canonical value");
            }
            if (at < end && bytes[at] == ',') {
                at++;
            } else {
                return (at < end && bytes[at] == '}') ? close() : fail("an object is not closed");
            }
        }
    }

    private boolean array() {
        at++;
        if (at < end && bytes[at] == ']') {
            return close();
        }
        while (value()) {
            if (at < end && bytes[at] == ',') {
                at++;
            } else {
                return (at < end && bytes[at] == ']') ? close() : fail("a list is not closed");
            }
        }
        return false;
    }

    private boolean close() {
        at++;
        depth--;
        return true;
    }

    /**
     * Returns whether one key comes before another by UTF-16 code units (RFC 8785 section 3.2.3); for ASCII that is
     * by bytes.
     */
    private boolean ascends(int a, int aTo, int b, int bTo) {
        for (int i = a, j = b; i < aTo && j < bTo; i++, j++) {
            if (bytes[i] < 0 || bytes[j] < 0 || bytes[i] == '\\' || bytes[j] == '\\') {
                return CanonicalText.read(bytes, a, aTo).compareTo(CanonicalText.read(bytes, b, bTo)) < 0;
            }
            if (bytes[i] != bytes[j]) {
                // A closing quote ends a key, and the shorter key comes first.
                return bytes[i] == '"' || (bytes[j] != '"' && bytes[i] < bytes[j]);
            }
        }
        return false;
    }

    private boolean text() {
        int after = CanonicalText.end(bytes, at, end);
        if (after < 0) {
            return fail("a string is not canonical");
        }
        at = after;
        return true;
    }

    private boolean number() {
        int from = at;
        long value = 0;
        boolean negative = bytes[at] == '-';
        if (negative) {
            at++;
        }
        int digits = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - digits < 15) {
            value = value * 10 + bytes[at++] - '0';
        }
        boolean more = at < end && ((bytes[at] >= '0' && bytes[at] <= '9') || bytes[at] == '.' || bytes[at] == 'e');
        if (!more) {
            boolean zero = value == 0 && at - digits == 1 && !negative;
            return (at > digits && (zero || bytes[digits] != '0')) || fail("a value is not canonical JSON");
        }
        while (at < end && ",}]\n".indexOf(bytes[at]) < 0) {
            at++;
        }
        return isCanonicalNumber(new String(bytes, from, at - from, StandardCharsets.ISO_8859_1))
                || fail("a number is not canonical");
    }

    private static boolean isCanonicalNumber(String number) {
        try {
            return NumberToJSON.serializeNumber(Double.parseDouble(number)).equals(number);
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
