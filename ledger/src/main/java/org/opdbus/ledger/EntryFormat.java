// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.text.CanonicalText;
import org.opdbus.ledger.text.EntryTime;
import org.opdbus.ledger.text.Hex;
import org.opdbus.ledger.text.LineScanner;
import org.opdbus.ledger.text.Sha256;

/** Converts entries into lines and lines into entries. It refuses a line that is not exactly an entry's. */
public final class EntryFormat {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private EntryFormat() {}

    /** The parts of a line that a draft determines, in canonical form. */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    public record Prepared(Draft draft, byte[] data, byte[] kind, byte[] subject) {
        public int bytes() {
            return data.length + kind.length + subject.length;
        }
    }

    public static Prepared prepare(Draft draft) {
        Prepared prepared = new Prepared(
                draft,
                CanonicalJson.of(draft.data()),
                CanonicalJson.of(draft.kind()),
                CanonicalJson.of(draft.subject()));
        // The fields that the ledger adds (hashes, height, time, host) are much smaller than this.
        if (prepared.bytes() > LineScanner.LINE_BYTES_MAX - 4096) {
            throw new LedgerException(
                    LedgerException.Reason.BAD_DRAFT,
                    "cannot record a " + draft.kind() + " of " + prepared.bytes() + " bytes; an entry may have "
                            + LineScanner.LINE_BYTES_MAX);
        }
        return prepared;
    }

    /** Returns the line of an entry, without the newline. */
    static byte[] line(Entry entry) {
        LineWriter writer = new LineWriter(entry.host());
        Prepared prepared = prepare(new Draft(entry.kind(), entry.subject(), entry.data()));
        writer.write(prepared, entry.height(), entry.time(), HexFormat.of().parseHex(entry.prev()));
        byte[] line = Arrays.copyOf(writer.bytes(), writer.length() - 1);
        // Returns the hash that the entry claims, right or wrong.
        int hash = prepared.data().length + "{\"data\":,\"hash\":\"".length();
        System.arraycopy(entry.hash().getBytes(StandardCharsets.US_ASCII), 0, line, hash, 2 * Sha256.BYTES);
        return line;
    }

    /**
     * Returns the entry of a line.
     *
     * @param line without the newline
     * @throws LedgerException (DAMAGED) if it is not exactly the canonical JSON of an entry, or its hash is wrong
     */
    public static Entry parse(byte[] line) {
        return parse(line, 0, line.length);
    }

    public static Entry parse(byte[] bytes, int from, int length) {
        LineScanner scanner = new LineScanner();
        String problem = problem(scanner, new Sha256(), bytes, from, length);
        if (problem != null) {
            throw new LedgerException(LedgerException.Reason.DAMAGED, "this line is not an entry: " + problem);
        }
        return read(scanner, bytes);
    }

    /** Returns the error in a line by itself, its hash included; null if there is none. */
    public static @Nullable String problem(LineScanner scanner, Sha256 sha, byte[] bytes, int from, int length) {
        String problem = scanner.scan(bytes, from, length);
        if (problem != null) {
            return problem;
        }
        byte[] hash = new byte[Sha256.BYTES];
        scanner.computeHash(sha, hash, 0);
        return Hex.matches(hash, 0, bytes, scanner.hashFrom) ? null : "its hash does not match its content";
    }

    /** Returns the entry of the line that the scanner has just accepted. */
    public static Entry read(LineScanner line, byte[] bytes) {
        return new Entry(
                line.height,
                EntryTime.read(bytes, line.timeFrom),
                CanonicalText.read(bytes, line.hostFrom, line.hostTo),
                CanonicalText.read(bytes, line.kindFrom, line.kindTo),
                CanonicalText.read(bytes, line.subjectFrom, line.subjectTo),
                data(bytes, line.dataFrom, line.dataTo),
                new String(bytes, line.prevFrom, 2 * Sha256.BYTES, StandardCharsets.US_ASCII),
                new String(bytes, line.hashFrom, 2 * Sha256.BYTES, StandardCharsets.US_ASCII));
    }

    private static Map<String, Object> data(byte[] bytes, int from, int to) {
        try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
            parser.nextToken();
            return object(parser);
        } catch (IOException e) {
            throw new LedgerException(LedgerException.Reason.DAMAGED, "the data of an entry is not JSON", e);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            object.put(key, value(parser));
        }
        return Collections.unmodifiableMap(object);
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield Collections.unmodifiableList(items);
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> DraftValues.number(parser.getDoubleValue());
            default -> parser.getText();
        };
    }
}
