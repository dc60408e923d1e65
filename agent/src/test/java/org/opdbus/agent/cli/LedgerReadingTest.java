// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.write.FileLedger;

class LedgerReadingTest {
    private static final int ENTRIES = 30;

    @TempDir
    Path folder;

    private WrittenLedger ledger;
    private Map<String, String> before;

    @BeforeEach
    void write() throws IOException {
        ledger = WrittenLedger.of(folder.resolve("ledger"), ENTRIES);
        assertThat(ledger.segments()).hasSizeGreaterThan(2);
        before = files();
    }

    private CommandRun run(String... arguments) throws Exception {
        CommandRun run = CommandRun.ledger(ledger.dir, arguments);
        assertThat(files()).isEqualTo(before);
        return run;
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), ISO_8859_1);
                files.put(file.toString(), Files.getLastModifiedTime(file) + content);
            }
        }
        return files;
    }

    @Test
    void tail_prints_the_last_ten_under_a_heading() throws Exception {
        CommandRun tail = run("tail");
        assertThat(tail.status()).isZero();
        assertThat(tail.err()).isEmpty();
        assertThat(tail.lines()).hasSize(11);
        assertThat(tail.lines().get(0)).matches(" *HEIGHT +TIME +KIND +SUBJECT +DATA");
        assertThat(tail.lines().get(10))
                .matches(" *30 +2025-01-01T00:29:00.000000Z +container.enrolled +1030 +link=vi1030 name=größe");
    }

    @Test
    void tail_as_json_prints_the_lines_of_the_files() throws Exception {
        assertThat(run("tail", "--json", "-n", "4").lines())
                .isEqualTo(ledger.lines().subList(ENTRIES - 4, ENTRIES));
        assertThat(run("tail", "--json", "-n", "1000").lines()).isEqualTo(ledger.lines());
    }

    @Test
    void tail_begins_at_a_height_or_a_time() throws Exception {
        assertThat(run("tail", "--json", "--since", "7").lines())
                .isEqualTo(ledger.lines().subList(6, ENTRIES));
        assertThat(run("tail", "--json", "--since", "2025-01-01T00:25:00Z").lines())
                .isEqualTo(ledger.lines().subList(25, ENTRIES));
        CommandRun none = run("tail", "--since", "31");
        assertThat(none.status()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).isEqualTo("op-dbus: nothing recorded since then\n");
    }

    @Test
    void tail_of_an_empty_ledger_says_so() throws Exception {
        Path dir = folder.resolve("empty/ledger");
        WrittenLedger.of(dir, 0);
        CommandRun tail = CommandRun.ledger(dir, "tail");
        assertThat(tail.status()).isZero();
        assertThat(tail.out()).isEmpty();
        assertThat(tail.err()).isEqualTo("op-dbus: nothing recorded\n");
    }

    @Test
    void tail_follows_what_is_written_meanwhile_into_new_segments_too() throws Exception {
        CommandRun tail =
                CommandRun.started("ledger", "tail", "-f", "--json", "-n", "2", "--dir", ledger.dir.toString());
        eventually(() -> assertThat(tail.lines()).hasSize(2));
        ledger.append(20);
        eventually(() -> assertThat(tail.lines()).isEqualTo(ledger.lines().subList(ENTRIES - 2, ENTRIES + 20)));
        assertThat(tail.isRunning()).isTrue();

        tail.stopReading();
        ledger.append(1);
        assertThat(tail.status()).isZero();
        assertThat(tail.err()).isEmpty();
    }

    @Test
    void tail_with_no_lines_shows_only_what_is_new() throws Exception {
        CommandRun tail =
                CommandRun.started("ledger", "tail", "-n", "0", "-f", "--json", "--dir", ledger.dir.toString());
        try (FileLedger open = ledger.open()) {
            // It may begin only after an entry or two; then it must show every one.
            long[] number = {ENTRIES};
            eventually(() -> {
                WrittenLedger.append(open, ++number[0]);
                assertThat(tail.lines()).isNotEmpty();
            });
            String last = WrittenLedger.append(open, ++number[0]).line();
            eventually(() -> assertThat(tail.lines()).endsWith(last));
        }
        int shown = tail.lines().size();
        assertThat(tail.lines())
                .isEqualTo(ledger.lines()
                        .subList(ledger.lines().size() - shown, ledger.lines().size()));
        assertThat(ledger.lines().size() - shown).isGreaterThanOrEqualTo(ENTRIES);
        tail.stopReading();
        ledger.append(1);
        assertThat(tail.status()).isZero();
    }

    @Test
    void show_finds_an_entry_by_height_or_hash() throws Exception {
        String line = ledger.lines().get(6);
        String hash = line.substring(line.indexOf("\"hash\":\"") + 8).substring(0, 64);
        assertThat(run("show", "7", "--json").out()).isEqualTo(line + "\n");
        assertThat(run("show", hash.substring(0, 20).toUpperCase(Locale.ROOT), "--json")
                        .out())
                .isEqualTo(line + "\n");
        assertThat(run("show", "7").lines())
                .contains("height         7", "kind           container.started", "hash           " + hash)
                .anyMatch(field -> field.matches(" +name +größe"));
    }

    @Test
    void search_takes_everything_that_is_given_together() throws Exception {
        assertThat(run("search", "--json", "--kind", "container.started").lines())
                .hasSize(ENTRIES / 2);
        assertThat(run("search", "--json", "--kind", "container.*").lines()).hasSize(ENTRIES);
        assertThat(run("search", "--json", "vi1012").lines())
                .containsExactly(ledger.lines().get(11));
        assertThat(run(
                                "search",
                                "--json",
                                "--kind=container.enrolled",
                                "--since=2025-01-01T01:10:00+01:00",
                                "--until=2025-01-01T00:14",
                                "größe")
                        .lines())
                .containsExactly(ledger.lines().get(11), ledger.lines().get(13));
        assertThat(run("search", "--subject", "1012").lines()).hasSize(2);
    }

    @Test
    void search_that_finds_nothing_says_so_and_exits_1() throws Exception {
        CommandRun search = run("search", "--kind", "container.enrolled", "--since", "1h");
        assertThat(search.status()).isEqualTo(1);
        assertThat(search.out()).isEmpty();
        assertThat(search.err()).isEqualTo("op-dbus: no entry matches\n");
    }

    @Test
    void export_prints_what_is_on_disk_byte_for_byte() throws Exception {
        CommandRun export = run("export");
        assertThat(export.status()).isZero();
        assertThat(export.outBytes()).isEqualTo(ledger.text().getBytes(UTF_8));
        assertThat(run("export", "--kind", "container.enrolled", "--until", "2025-01-01T00:04")
                        .lines())
                .containsExactly(ledger.lines().get(1), ledger.lines().get(3));
    }

    @Test
    void the_other_name_of_the_group_and_of_tail_work_too() throws Exception {
        String dir = ledger.dir.toString();
        assertThat(CommandRun.of("blockchain", "list", "--dir", dir, "-l", "3", "--json")
                        .lines())
                .isEqualTo(ledger.lines().subList(ENTRIES - 3, ENTRIES));
        for (List<String> command :
                List.of(List.of("show", "1"), List.of("export"), List.of("verify"), List.of("search", "vi10"))) {
            List<String> all = new ArrayList<>(List.of("blockchain", "--dir", dir));
            all.addAll(command);
            assertThat(CommandRun.of(all.toArray(String[]::new)).status())
                    .as(command.get(0))
                    .isZero();
        }
    }

    @Test
    void the_directory_comes_from_the_configuration() throws Exception {
        Path config = folder.resolve("op-dbus.json");
        Files.writeString(config, "{\"ledger\": {\"dir\": \"" + ledger.dir + "\"}}");
        assertThat(CommandRun.of("ledger", "tail", "--json", "-n", "1", "--config", config.toString())
                        .lines())
                .containsExactly(ledger.lines().get(ENTRIES - 1));
    }

    @Test
    void a_damaged_line_ends_reading_with_1_after_what_is_good() throws Exception {
        Path damaged = ledger.tamperWith(1);
        before = files();
        CommandRun export = run("export");
        assertThat(export.status()).isEqualTo(1);
        assertThat(export.lines())
                .isEqualTo(Files.readAllLines(ledger.segments().get(0)));
        assertThat(export.err().lines()).singleElement().asString().contains(damaged + ", byte 0");
    }

    @Test
    void a_closed_pipe_is_no_failure_and_a_full_disk_is_one() throws Exception {
        String dir = ledger.dir.toString();
        for (String command : List.of("tail", "export", "verify", "search")) {
            CommandRun unread = CommandRun.unread(true, "ledger", command, "--dir", dir);
            assertThat(unread.status()).as(command).isZero();
            assertThat(unread.err()).as(command).isEmpty();

            CommandRun full = CommandRun.unread(false, "ledger", command, "--dir", dir);
            assertThat(full.status()).as(command).isEqualTo(2);
            assertThat(full.err()).startsWith("op-dbus: cannot write the result to standard output: ");
        }
    }

    @Test
    void a_real_pipe_that_is_closed_early_ends_the_program_quietly() throws Exception {
        WrittenLedger large = WrittenLedger.of(folder.resolve("large/ledger"), 1500);
        Process shell = new ProcessBuilder(
                        "bash",
                        "-c",
                        "\"$0\" -cp \"$1\" org.opdbus.agent.Main ledger export --dir \"$2\" | head -1;"
                                + " echo ${PIPESTATUS[0]}",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        System.getProperty("java.class.path"),
                        large.dir.toString())
                .start();
        shell.getOutputStream().close();
        String out = new String(shell.getInputStream().readAllBytes(), UTF_8);
        String err = new String(shell.getErrorStream().readAllBytes(), UTF_8);
        assertThat(out).isEqualTo(large.lines().get(0) + "\n0\n");
        assertThat(err).isEmpty();
    }

    @Test
    void bad_input_is_one_clear_line_and_status_2() throws Exception {
        Path none = folder.resolve("none");
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path empty = Files.createDirectory(folder.resolve("nothing"));
        for (String command : List.of("tail", "verify", "export")) {
            refused(
                    none,
                    "there is no ledger in " + none + ": no agent has made one there yet; start the agent",
                    command);
        }
        refused(file, "is not a ledger", "tail");
        refused(empty, "is not a ledger", "export");
        refused(empty, "is not a ledger", "verify");
        refused(empty, "is not a ledger", "prove", "1");
        refused(folder, "is not a ledger, or not only a ledger", "search", "x");
        refused(ledger.dir, "no entry 31: the ledger " + ledger.dir + " holds entries 1 to 30", "show", "31");
        refused(ledger.dir, "no entry 0", "show", "0");
        refused(ledger.dir, "no entry 31", "prove", "31");
        refused(ledger.dir, "no entry has a hash that begins with", "show", "ffffffffffffffffffffffff");
        refused(ledger.dir, "neither a height nor", "show", "xyz");
        refused(ledger.dir, "there is no such file", "verify", "--key", none.toString());
        refused(ledger.dir, "not a public key", "verify", "--key", file.toString());
    }

    private static void refused(Path dir, String why, String... arguments) throws Exception {
        CommandRun run = CommandRun.ledger(dir, arguments);
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("op-dbus: ")
                .contains(why);
    }

    @Test
    void wrong_usage_names_what_is_wrong_and_where_to_read_on() throws Exception {
        for (List<String> wrong : List.of(
                List.of("tail", "-n", "many"),
                List.of("tail", "-n", "1", "--since", "2"),
                List.of("tail", "--since", "yesterday"),
                List.of("export", "--until", "2025-02-30"),
                List.of("search", "--nonsense"),
                List.of("show"),
                List.of("prove"),
                List.of("prove", "1", "--key", "x"),
                List.of("consistency"))) {
            CommandRun run = run(wrong.toArray(String[]::new));
            assertThat(run.status()).as("%s", wrong).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSizeLessThanOrEqualTo(2);
            assertThat(run.err()).startsWith("op-dbus: ");
        }
    }
}
