// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.opdbus.ledger.merkle.ConsistencyProof;
import org.opdbus.ledger.merkle.InclusionProof;
import org.opdbus.ledger.read.Chunk;
import org.opdbus.ledger.read.EntryColumns;
import org.opdbus.ledger.text.LineScanner;

/** Any content of a ledger's files or of a proof is read, or refused with an exception of the ledger; nothing else happens. */
final class LedgerFuzzTest {
    /** The readers of texts, each of which refuses by an exception of the ledger's. */
    private static final List<Function<String, ?>> TEXTS =
            List.of(Checkpoint::parse, VerifierKey::parse, InclusionProof::parse, ConsistencyProof::parse);

    @FuzzTest
    void line(byte[] line) {
        String problem = new LineScanner().scan(line, 0, line.length);
        if (problem != null) {
            return;
        }
        LineScanner scanner = new LineScanner();
        assertThat(scanner.scan(line, 0, line.length)).isNull();
        Entry entry = EntryFormat.read(scanner, line);
        assertThat(EntryFormat.line(entry))
                .as("a line that is accepted is canonical")
                .isEqualTo(line);
        assertThat(EntryColumns.of(entry) + EntryColumns.full(entry).replace(System.lineSeparator(), ""))
                .matches(text -> text.codePoints().allMatch(Printable::isVisible), "shows no control characters");
    }

    @FuzzTest
    void text(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        // The first byte chooses the reader.
        String text = new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        try {
            Object read = TEXTS.get((bytes[0] & 0xff) % TEXTS.size()).apply(text);
            assertThat(read).isNotNull();
        } catch (LedgerException refused) {
            assertThat(String.valueOf(refused.getMessage()).codePoints().allMatch(Printable::isVisible))
                    .isTrue();
        }
    }

    @FuzzTest
    void chunk(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] != '\n') {
            length--;
        }
        LedgerDirectory.Segment segment = new LedgerDirectory(java.nio.file.Path.of("none")).segment(1);
        Chunk.Checked checked = new Chunk(segment, 0, Arrays.copyOf(bytes, bytes.length), length).check();
        assertThat(checked.goodBytes()).isBetween(0, length);
        if (checked.problem() == null) {
            assertThat(checked.goodBytes()).isEqualTo(length);
        }
    }
}
