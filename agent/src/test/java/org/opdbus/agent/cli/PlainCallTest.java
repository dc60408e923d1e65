// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.cli.command.Arguments;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.command.PicocliCommand;
import org.opdbus.agent.cli.command.PlainCall;
import org.opdbus.agent.cli.command.Settings;
import org.opdbus.agent.cli.ledger.LedgerGroup;
import org.opdbus.agent.cli.output.StandardStreams;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Commands that run without picocli understand the same command lines in the same way as picocli. */
class PlainCallTest {
    private static final List<List<String>> DESCRIBED = List.of(
            List.of("run"),
            List.of("query"),
            List.of("events"),
            List.of("container", "list"),
            List.of("ledger", "tail"));

    private static final List<String> WORDS = List.of(
            "run",
            "query",
            "events",
            "container",
            "ledger",
            "blockchain",
            "list",
            "tail",
            "--config",
            "--config=/a/b",
            "/a.json",
            "--dir",
            "--dir=x",
            "--json",
            "--json=false",
            "--all-hosts",
            "-f",
            "--follow",
            "-fn5",
            "-n",
            "5",
            "-1",
            "--lines=7",
            "--limit",
            "--since",
            "--since=2h",
            "2025-01-31",
            "--filter",
            "kind=a.*,container=b",
            "kind=a,,",
            "--filter=\"a,b\"",
            "--plugin",
            "lxc",
            "--plugin=lxc",
            "",
            "--",
            "@file",
            "-h",
            "-V",
            "--help=x");

    @TempDir
    Path folder;

    private static CommandLine tree() {
        OutputStream none = OutputStream.nullOutputStream();
        return CommandTree.whole(new StandardStreams(none, false, false, none, false));
    }

    private static Optional<PlainCall> plain(String... words) {
        return PlainCall.of(new CommandLineProgram.Index(), words);
    }

    @Test
    void what_is_typed_often_needs_no_picocli() {
        for (String line : List.of(
                "run",
                "--config /etc/op-dbus/op-dbus.json run",
                "--config=x run",
                "run --config x",
                "query",
                "query --plugin lxc",
                "query --plugin=lxc --all-hosts",
                "container list --json",
                "events -f --since 15m --filter kind=container.*,container=100 --filter subject=x",
                "ledger tail -n 50",
                "ledger --dir ./x tail -f --since 1200 --json",
                "ledger tail --limit 3 --dir x")) {
            assertThat(plain(line.split(" ", -1))).as(line).isPresent();
        }
    }

    @Test
    void help_errors_and_other_commands_are_left_to_picocli() {
        for (String line : List.of(
                "--help",
                "query --help",
                "query -V",
                "query x",
                "query --plugin",
                "query --plugin a --plugin b",
                "query --dir x",
                "--dir ./x ledger tail",
                "--config query query",
                "ledger tail -n x",
                "ledger tail -n5",
                "ledger tail --since yesterday",
                "ledger list",
                "ledger verify",
                "container show 100",
                "apply")) {
            assertThat(plain(line.split(" ", -1))).as(line).isEmpty();
        }
    }

    @Test
    void both_know_the_same_options() {
        for (List<String> path : DESCRIBED) {
            CommandLine command = tree();
            for (String name : path) {
                command =
                        Optional.ofNullable(command.getSubcommands().get(name)).orElseThrow();
            }
            Set<String> options = new TreeSet<>();
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.usageHelp() && !option.versionHelp()) {
                    options.add(text(List.of(option.names()), option.arity().max() > 0, option.isMultiValue()));
                }
            }
            assertThat(options(path)).as("%s", path).isEqualTo(options);
        }
    }

    private static Set<String> options(List<String> path) {
        List<OptionText> all = new ArrayList<>(plain(path.toArray(String[]::new))
                .orElseThrow()
                .command()
                .text()
                .options());
        all.add(Settings.CONFIG);
        if (path.get(0).equals("ledger")) {
            all.add(LedgerGroup.DIR);
        }
        Set<String> texts = new TreeSet<>();
        all.forEach(option -> texts.add(text(option.names(), !option.label().isEmpty(), option.isList())));
        return texts;
    }

    private static String text(List<String> names, boolean takesValue, boolean isList) {
        return names + (takesValue ? " VALUE" : "") + (isList ? "..." : "");
    }

    @Test
    void every_line_that_is_understood_without_picocli_means_the_same_to_it() {
        Random random = new Random(20);
        CommandLine tree = tree();
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            List<String> line = new ArrayList<>();
            if (random.nextBoolean()) {
                line.addAll(DESCRIBED.get(random.nextInt(DESCRIBED.size())));
            }
            int length = random.nextInt(6);
            for (int word = 0; word < length; word++) {
                line.add(random.nextInt(line.size() + 1), WORDS.get(random.nextInt(WORDS.size())));
            }
            String[] words = line.toArray(String[]::new);
            Optional<PlainCall> call = plain(words);
            if (call.isPresent()) {
                understood++;
                compare(call.get(), tree, words);
            }
        }
        assertThat(understood).isGreaterThan(1_000);
    }

    private static void compare(PlainCall call, CommandLine tree, String... words) {
        ParseResult parsed;
        try {
            parsed = tree.parseArgs(words);
        } catch (ParameterException e) {
            fail(List.of(words) + ": " + e.getMessage());
            return;
        }
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        assertThat(call.name())
                .as("%s", List.of(words))
                .isEqualTo(parsed.commandSpec().qualifiedName());
        Arguments given = ((PicocliCommand) parsed.commandSpec().userObject()).given();
        List<OptionText> options = new ArrayList<>(call.command().text().options());
        options.addAll(List.of(Settings.CONFIG, LedgerGroup.DIR));
        for (OptionText option : options) {
            assertThat(call.given().has(option)).as("%s", List.of(words)).isEqualTo(given.has(option));
            assertThat(call.given().all(option)).as("%s", List.of(words)).isEqualTo(given.all(option));
        }
    }

    @Test
    void such_a_command_loads_neither_picocli_nor_jacksons_mapper() throws Exception {
        Path loaded = folder.resolve("loaded");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + loaded,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.opdbus.agent.Main",
                        "ledger",
                        "tail",
                        "--dir",
                        folder.resolve("none").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        try (Stream<String> lines = Files.lines(loaded)) {
            List<String> classes = lines.toList();
            assertThat(classes).anyMatch(line -> line.contains("org.opdbus.agent.cli.ledger.LedgerTail"));
            assertThat(classes).noneMatch(line -> line.contains("picocli") || line.contains("ObjectMapper"));
        }
    }
}
