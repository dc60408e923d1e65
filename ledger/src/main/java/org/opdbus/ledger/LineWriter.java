// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.opdbus.ledger.text.EntryTime;
import org.opdbus.ledger.text.Hex;
import org.opdbus.ledger.text.Sha256;

/** Collects the lines of one commit, chained, in memory that is reused. Not safe for use by several threads. */
public final class LineWriter {
    private static final byte[] DATA = ascii("{\"data\":");
    private static final byte[] HASH = ascii("\"hash\":\"");
    private static final byte[] HEIGHT = ascii("\"height\":");
    private static final byte[] KIND = ascii(",\"kind\":");
    private static final byte[] PREV = ascii(",\"prev\":\"");
    private static final byte[] SUBJECT = ascii("\",\"subject\":");
    private static final byte[] TIME = ascii(",\"time\":\"");
    private static final byte[] END = ascii("\"}\n");
    private static final int HEX_LENGTH = 2 * Sha256.BYTES;

    private final Sha256 sha = new Sha256();
    private final EntryTime.Writer times = new EntryTime.Writer();
    private final byte[] host;
    private byte[] bytes = new byte[64 * 1024];
    private int length;

    public LineWriter(String host) {
        DraftValues.checkName("host", host);
        this.host = ascii(",\"host\":" + new String(CanonicalJson.of(host), StandardCharsets.UTF_8));
    }

    /** Drops everything beyond a length. */
    public void cut(int to) {
        length = to;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Returns the digits of a hash at a position. */
    public String hash(int at) {
        return new String(bytes, at, HEX_LENGTH, StandardCharsets.US_ASCII);
    }

    /**
     * What the caller needs of a line just written.
     *
     * @param hashAt where in the bytes the digits of its hash begin
     */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    public record Written(byte[] hash, int hashAt) {}

    /** Adds a line and its newline. */
    public Written write(EntryFormat.Prepared draft, long height, Instant time, byte[] prev) {
        int from = length;
        put(DATA);
        put(draft.data());
        put(',');
        int hashField = length;
        put(HASH);
        int hashAt = length;
        length += HEX_LENGTH;
        put('"');
        put(',');
        int rest = length;
        put(HEIGHT);
        put(ascii(Long.toString(height)));
        put(host);
        put(KIND);
        put(draft.kind());
        put(PREV);
        room(HEX_LENGTH);
        Hex.write(prev, bytes, length);
        length += HEX_LENGTH;
        put(SUBJECT);
        put(draft.subject());
        put(TIME);
        put(times.write(time));
        put(END);
        byte[] hash = new byte[Sha256.BYTES];
        sha.parts(bytes, from, hashField - from, rest, length - 1 - rest, hash, 0);
        Hex.write(hash, bytes, hashAt);
        return new Written(hash, hashAt);
    }

    private void put(int c) {
        room(1);
        bytes[length++] = (byte) c;
    }

    private void put(byte[] part) {
        room(part.length + HEX_LENGTH);
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
