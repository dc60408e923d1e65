// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.opdbus.ledger.merkle.MerkleRange;
import org.opdbus.ledger.text.LineScanner;
import org.opdbus.ledger.text.Sha256;

final class EntryFormatTest {
    /** The test vector of docs/LEDGER.md. */
    private static final String VECTOR = "{\"data\":{\"bridge\":\"vmbr0\",\"ofport\":3},"
            + "\"hash\":\"7200cb5af5d89485e2d0a7478cc5cbb4ad928cb850dca5a38fc5c2eccebcd35c\",\"height\":1,"
            + "\"host\":\"host1\",\"kind\":\"container.enrolled\","
            + "\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\","
            + "\"subject\":\"100\",\"time\":\"2025-01-01T00:00:00.000001Z\"}";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void the_documented_line_is_read_and_written() {
        Entry entry = EntryFormat.parse(bytes(VECTOR));
        assertThat(entry.height()).isEqualTo(1);
        assertThat(entry.time()).isEqualTo(Instant.parse("2025-01-01T00:00:00.000001Z"));
        assertThat(entry.data()).isEqualTo(Map.of("bridge", "vmbr0", "ofport", 3L));
        assertThat(entry.line()).isEqualTo(VECTOR);
        byte[] leaf = new byte[Sha256.BYTES];
        new Sha256().leaf(bytes(VECTOR), 0, VECTOR.length(), leaf, 0);
        assertThat(HexFormat.of().formatHex(leaf))
                .isEqualTo("60a34569535ead83a0db6ce63c8f5febde692872f28f75fc591e33cab9fadf5e");
        assertThat(HexFormat.of().formatHex(new MerkleRange().root()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void what_is_written_without_the_library_is_what_it_would_write() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Map<String, Object> data = new Draft("k", "s", plain(object(random, 0), random)).data();
            assertThat(CanonicalJson.of(data))
                    .as("seed %d: %s", seed, data)
                    .isEqualTo(CanonicalJson.byTheLibrary(data));
        }
    }

    /** The same, half of the time with nothing but plain texts in it. */
    private static Map<String, Object> plain(Map<String, Object> data, Random random) {
        Map<String, Object> plain = new LinkedHashMap<>();
        data.forEach((key, value) -> plain.put(
                key.replaceAll("[^a-z]", "~" + random.nextInt(3)),
                value instanceof String ? key.length() + " x" : value));
        return random.nextBoolean() ? plain : data;
    }

    @Test
    void what_is_not_exactly_an_entry_is_refused() {
        List<String> bad = List.of(
                "",
                "{}",
                VECTOR + " ",
                " " + VECTOR,
                VECTOR.replace("\"height\":1", "\"height\":01"),
                VECTOR.replace("\"height\":1", "\"height\":1.0"),
                VECTOR.replace("\"height\":1", "\"height\":0"),
                VECTOR.replace("\"host\":\"host1\",", ""),
                VECTOR.replace("\"host\":\"host1\",", "\"host\":\"host1\",\"host\":\"host1\","),
                VECTOR.replace("\"host\":\"host1\",", "\"host\":\"host1\",\"ho\":1,"),
                VECTOR.replace("\"ofport\":3}", "\"ofport\":null}"),
                VECTOR.replace("\"ofport\":3}", "\"bridge\":3}"),
                VECTOR.replace("\"ofport\":3}", "\"a\":3}"),
                VECTOR.replace("vmbr0", "vmbr\\u0030"),
                VECTOR.replace("vmbr0", "vm\\/br0"),
                VECTOR.replace("2025-01-01", "2025-02-30"),
                VECTOR.replace(".000001Z", ".000001+00:00"),
                VECTOR.replace("7200cb5a", "7200CB5A"),
                VECTOR.replace("host1", "host2"));
        bad.forEach(line -> assertThatThrownBy(() -> EntryFormat.parse(bytes(line)))
                .as(line)
                .isInstanceOf(LedgerException.class));
    }

    @Test
    void a_name_of_over_256_characters_is_refused() {
        for (String name : List.of("host1", "container.enrolled", "100")) {
            for (String character : List.of("x", "\u00e9")) {
                assertThat(scan(VECTOR.replace(name, character.repeat(256)))).isNull();
                assertThat(scan(VECTOR.replace(name, character.repeat(257)))).contains("has over 256 characters");
            }
        }
    }

    private static @Nullable String scan(String line) {
        return new LineScanner().scan(bytes(line), 0, bytes(line).length);
    }

    @Test
    void a_draft_that_json_cannot_carry_exactly_is_refused() {
        Map<String, Object> withNull = new LinkedHashMap<>();
        withNull.put("k", new Object());
        List<Map<String, Object>> bad = List.of(
                Map.of("k", Long.MAX_VALUE),
                Map.of("k", Double.NaN),
                Map.of("k", "\uD800"),
                Map.of("\uDC00", "v"),
                Map.of("k", new byte[1]),
                withNull);
        bad.forEach(data -> assertThatThrownBy(() -> new Draft("kind", "subject", data))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("cannot record a draft: "));
    }

    @Test
    void random_entries_are_written_as_the_library_would_and_read_back_the_same() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            Draft draft = new Draft(text(random) + "k", text(random) + "s", object(random, 0));
            LineWriter writer = new LineWriter(text(random) + "h");
            byte[] prev = new byte[Sha256.BYTES];
            random.nextBytes(prev);
            writer.write(EntryFormat.prepare(draft), 1 + random.nextInt(1 << 30), Instant.now(), prev);
            byte[] line = Arrays.copyOf(writer.bytes(), writer.length() - 1);
            assertThat(new JsonCanonicalizer(line).getEncodedUTF8())
                    .as("seed %d", seed)
                    .isEqualTo(line);
            Entry entry = EntryFormat.parse(line);
            assertThat(entry.data()).as("seed %d", seed).isEqualTo(draft.data());
            assertThat(bytes(entry.line())).isEqualTo(line);
        }
    }

    @Test
    void whatever_the_scanner_accepts_is_canonical_to_the_library_too() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        LineScanner scanner = new LineScanner();
        int accepted = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] line = bytes(VECTOR.replace("\"ofport\":3", "\"x\":" + text(CanonicalJson.of(object(random, 0)))));
            int changes = random.nextInt(3);
            for (int c = 0; c < changes; c++) {
                int at = random.nextInt(line.length);
                line[at] =
                        "0123456789-+.eE\"\\{}[],:ntu \u007f".getBytes(StandardCharsets.US_ASCII)[random.nextInt(28)];
            }
            if (scanner.scan(line, 0, line.length) == null) {
                accepted++;
                assertThat(new JsonCanonicalizer(line).getEncodedUTF8())
                        .as("seed %d: %s", seed, text(line))
                        .isEqualTo(line);
            }
        }
        assertThat(accepted).isGreaterThan(5_000);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, Object> object(Random random, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.put(text(random), value(random, depth));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextLong() >> (11 + random.nextInt(50));
            case 2 -> finite(Double.longBitsToDouble(random.nextLong()));
            case 3 -> random.nextInt(1000) / 8.0;
            case 4 -> text(random);
            case 5 -> object(random, depth + 1);
            default -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(random, depth + 1));
                }
                yield items;
            }
        };
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0.5;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int c = switch (random.nextInt(5)) {
                case 0 -> random.nextInt(0x20);
                case 1 -> "\"\\/\u007f\u2028\ufb33".charAt(random.nextInt(6));
                case 2 -> 0x1f600 + random.nextInt(64);
                case 3 -> 0x80 + random.nextInt(0x1000);
                default -> 'a' + random.nextInt(26);
            };
            text.appendCodePoint(c);
        }
        return text.toString();
    }
}
