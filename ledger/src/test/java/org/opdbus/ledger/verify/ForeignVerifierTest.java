// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.SampleLedger;
import org.opdbus.ledger.write.FileLedger;

/** An independent program reads the format: docs/verify-ledger.py, in another language and without code of the project. */
final class ForeignVerifierTest {
    @TempDir
    Path temp;

    private static Path script() {
        Path root = Path.of("").toAbsolutePath();
        Path here = root.resolve("docs/verify-ledger.py");
        return Files.exists(here) ? here : root.resolveSibling("docs/verify-ledger.py");
    }

    private static String run(Path dir) throws IOException, InterruptedException {
        return run(List.of(dir.toString()));
    }

    private static String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", script().toString()));
        command.addAll(arguments);
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return python.waitFor() + " " + said.strip();
    }

    @Test
    void it_agrees_that_a_ledger_is_whole() throws IOException, InterruptedException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 150);
        try (FileLedger ledger = FileLedger.open(sample.options())) {
            ledger.append(new Draft(
                            "test.text",
                            "é\u2028\uD83D\uDE00",
                            Map.of("\u20ac", "\"\\\b\u0001", "d", 1.5e-7, "deep", List.of(Map.of("a", true)))))
                    .join();
        }
        assertThat(run(sample.dir)).startsWith("0 151 entries hold, 151 of them under the checkpoint of host1");
    }

    @Test
    void it_agrees_that_a_ledger_is_damaged() throws IOException, InterruptedException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 150);
        List<String> lines = sample.lines();
        lines.set(40, lines.get(40).replace("\"kind\":\"port.added\"", "\"kind\":\"port.addef\""));
        sample.writeLines(lines);
        assertThat(run(sample.dir)).startsWith("1 ").contains("entry 41: hash");
    }

    @Test
    void it_agrees_that_entries_are_missing() throws IOException, InterruptedException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 150);
        sample.writeLines(sample.lines().subList(0, 149));
        assertThat(run(sample.dir)).startsWith("1 ").contains("the files hold 149");
    }

    @Test
    void it_finds_what_was_made_anew_from_an_entry_on() throws IOException, InterruptedException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 150);
        sample.writeLines(TamperingTest.rewrittenFrom(sample.lines(), 40));
        assertThat(run(sample.dir)).startsWith("1 ").contains("these are not the entries of the checkpoint");
    }

    @Test
    void it_finds_a_flip_of_any_byte_of_an_entry() throws IOException, InterruptedException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 5);
        List<String> lines = sample.lines();
        byte[] third = lines.get(2).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < third.length; i += 11) {
            byte[] flipped = third.clone();
            flipped[i] ^= 1;
            List<String> tampered = new ArrayList<>(lines);
            tampered.set(2, new String(flipped, StandardCharsets.UTF_8));
            sample.writeLines(tampered);
            assertThat(run(sample.dir)).as("byte %d", i).startsWith("1 ");
        }
    }

    @Test
    void it_finds_a_missing_segment_and_what_is_not_signed() throws IOException, InterruptedException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 150);
        byte[] older = Files.readAllBytes(sample.checkpoint());
        sample.append(3);
        Files.write(sample.checkpoint(), older);
        assertThat(run(sample.dir))
                .startsWith("1 153 entries hold, 150 of them under the checkpoint of host1")
                .endsWith("entries 151 to 153 are not signed");
        assertThat(run(List.of("--allow-unsigned", sample.dir.toString()))).startsWith("0 153 entries hold, 150 ");
        sample.append(1);
        assertThat(run(sample.dir))
                .startsWith("0 155 ")
                .endsWith("entries 151 to 153 were not signed when an agent started" + " on them");
        Files.delete(sample.segments().get(1).file());
        assertThat(run(sample.dir)).startsWith("1 ").contains("entries before it are missing");
    }

    @Test
    void it_refuses_what_is_no_regular_file() throws IOException, InterruptedException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 5);
        Path segment = sample.segments().get(0).file();
        Path elsewhere = Files.move(segment, temp.resolve("elsewhere"));
        Files.createSymbolicLink(segment, elsewhere);
        assertThat(run(sample.dir)).startsWith("1 ").contains("symbolic link");
        Files.delete(segment);
        HostileFilesTest.fifo(segment);
        assertThat(run(sample.dir)).startsWith("1 ").contains("not a regular file");
    }
}
