// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.testing.BusWatcher;

final class CommandRunnerTest {
    private static final int OUTPUT_BYTES_MAX = 4_096;

    private final CommandRunner runner = new CommandRunner(2, 8, OUTPUT_BYTES_MAX, Duration.ofSeconds(1));

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void arguments_arrive_as_they_are() {
        CommandResult result = run("printf", "%s|", "a b", "$(id)", "'\"", "*", "", "ü\n");
        assertThat(result.stdout()).isEqualTo("a b|$(id)|'\"|*||ü\n|");
        assertThat(result.succeeded()).isTrue();
    }

    @Test
    void the_exit_code_and_both_outputs_are_told() {
        CommandResult result = run("sh", "-c", "echo out; echo err >&2; exit 3");
        assertThat(result).isEqualTo(new CommandResult(3, "out\n", "err\n", false, false));
        assertThat(run("sh", "-c", "kill -9 $$").exit()).isEqualTo(128 + 9);
    }

    @Test
    void nothing_of_the_agents_environment_is_handed_on() {
        List<String> names = run("env")
                .stdout()
                .lines()
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        assertThat(names).containsExactlyInAnyOrder("PATH", "HOME", "LANG", "OP_DBUS_COMMAND");
    }

    @Test
    void a_command_reads_what_it_is_given_and_else_nothing() {
        Command cat = Command.of(BusWatcher.GENEROUS, List.of("cat"));
        Command given = new Command(cat.arguments(), Optional.of("tökén\n"), cat.limit(), List.of());
        assertThat(runner.run(given).blockingGet().stdout()).isEqualTo("tökén\n");
        assertThat(runner.run(cat).blockingGet().stdout()).isEmpty();
        Command deaf = new Command(List.of("true"), Optional.of("x".repeat(16_384)), cat.limit(), List.of());
        assertThat(runner.run(deaf).blockingGet().exit()).isZero();
    }

    @Test
    void a_program_that_is_not_there_is_named() {
        DriverException failure =
                Failures.of(runner.run(Command.of(Duration.ofSeconds(5), List.of("op-no-such-tool"))));
        assertThat(failure.reason()).isEqualTo(Reason.NO_TOOL);
        assertThat(failure).hasMessage("op-no-such-tool is not on this host");
        assertThat(failure.remedy()).isEqualTo("install the package that holds op-no-such-tool");
    }

    @Test
    void a_program_that_may_not_be_run_is_named() throws IOException {
        Path file = Files.writeString(folder.resolve("tool"), "x");
        DriverException failure = Failures.of(runner.run(Command.of(Duration.ofSeconds(5), List.of(file.toString()))));
        assertThat(failure.reason()).isEqualTo(Reason.NO_TOOL);
        assertThat(failure).hasMessageContaining("Permission denied");
    }

    @Test
    void a_flood_on_both_outputs_is_kept_bounded_with_its_beginning_and_end() {
        CommandResult result = run("sh", "-c", "seq 1 200000; seq 1 200000 >&2");
        assertThat(result.truncated()).isTrue();
        for (String output : List.of(result.stdout(), result.stderr())) {
            assertThat(output.length()).isLessThan(OUTPUT_BYTES_MAX + 100);
            assertThat(output).startsWith("1\n2\n3\n").endsWith("\n200000\n").contains("bytes left out");
        }
        assertThat(result.exit()).isZero();
    }

    @Test
    void a_flood_without_end_ends_at_the_limit() {
        CommandResult result =
                runner.run(Command.of(Duration.ofMillis(500), List.of("yes"))).blockingGet();
        assertThat(result.timedOut()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(result.stdout().length()).isLessThan(OUTPUT_BYTES_MAX + 100);
    }

    /**
     * The child that hangs ignores SIGTERM; one of its own has become a daemon (double fork), and one has left the
     * session too.
     */
    @Test
    void at_the_limit_everything_that_was_started_ends() throws IOException {
        Path pids = folder.resolve("pids");
        String daemon = "(setsid sh -c 'echo $$ >>" + pids + "; exec sleep 1000' &) ; ";
        String stubborn = "sh -c 'trap \"\" TERM; echo $$ >>" + pids + "; while :; do sleep 1000; done' & ";
        CommandResult result = runner.run(Command.of(
                        Duration.ofSeconds(2), List.of("sh", "-c", daemon + stubborn + "echo $$ >>" + pids + "; wait")))
                .blockingGet();

        assertThat(result.timedOut()).isTrue();
        List<String> started = Files.readAllLines(pids);
        assertThat(started).hasSize(3);
        assertThat(started).allSatisfy(pid -> assertThat(isAlive(pid)).isFalse());
    }

    @Test
    void a_daemon_that_keeps_the_pipe_blocks_no_thread() throws IOException {
        Path pid = folder.resolve("pid");
        CommandResult result = run("sh", "-c", "sleep 1000 & echo $! >" + pid + "; echo done");
        assertThat(result.stdout()).isEqualTo("done\n");
        assertThat(result.succeeded()).isTrue();
        // Ended by its number, because no other process will do it.
        assertThat(run("kill", Files.readString(pid).strip()).exit()).isZero();
    }

    @Test
    void disposing_ends_the_program() throws IOException {
        Path pids = folder.resolve("pids");
        Disposable subscription = runner.run(
                        Command.of(BusWatcher.GENEROUS, List.of("sh", "-c", "echo $$ >" + pids + "; sleep 1000")))
                .subscribe();
        String pid = eventually(() -> {
            String text = Files.readString(pids).strip();
            assertThat(text).isNotEmpty();
            return text;
        });
        subscription.dispose();
        eventually(() -> assertThat(isAlive(pid)).isFalse());
    }

    @Test
    void what_is_too_much_at_once_is_refused_and_the_rest_runs() {
        Command slow = Command.of(BusWatcher.GENEROUS, List.of("sleep", "0.2"));
        List<Object> outcomes = Single.concatEager(IntStream.range(0, 12)
                        .mapToObj(i -> runner.run(slow)
                                .<Object>map(CommandResult::exit)
                                .onErrorReturn(failure -> ((DriverException) failure).reason()))
                        .toList())
                .toList()
                .blockingGet();
        assertThat(outcomes).filteredOn(outcome -> outcome.equals(0)).hasSize(10);
        assertThat(outcomes).filteredOn(outcome -> outcome.equals(Reason.BUSY)).hasSize(2);
    }

    @Test
    void secrets_are_struck_out_even_where_the_output_is_cut() {
        String secret = "s3cr3t-" + "x".repeat(200);
        Command command = new Command(
                List.of("sh", "-c", "read t; while [ $((i += 1)) -le 400 ]; do echo \"$t$i\"; echo \"$t\" >&2; done"),
                Optional.of(secret + "\n"),
                BusWatcher.GENEROUS,
                List.of(secret));
        CommandResult result = runner.run(command).blockingGet();
        assertThat(result.truncated()).isTrue();
        assertThat(result.stdout())
                .startsWith("***1\n***2\n")
                .endsWith("***400\n")
                .doesNotContain("s3cr", "xxxx");
        assertThat(result.stderr()).doesNotContain("s3cr", "xxxx");
        assertThat(command.toString()).doesNotContain(secret);
        assertThat(new Command(List.of("join", secret), Optional.empty(), command.limit(), List.of(secret)).toString())
                .isEqualTo("join ***");
    }

    @Test
    void a_command_that_makes_no_sense_is_refused() {
        Duration limit = Duration.ofSeconds(1);
        assertThatThrownBy(() -> Command.of(limit, List.of())).hasMessage("a command needs a program");
        assertThatThrownBy(() -> Command.of(limit, List.of("a", "b\0c"))).hasMessageContaining("zero");
        assertThatThrownBy(() -> Command.of(Duration.ZERO, List.of("a"))).hasMessageContaining("positive");
        assertThatThrownBy(() -> new Command(List.of("a"), Optional.of("x".repeat(16_385)), limit, List.of()))
                .hasMessageContaining("16384");
    }

    private CommandResult run(String... arguments) {
        return runner.run(Command.of(BusWatcher.GENEROUS, List.of(arguments))).blockingGet();
    }

    /** A process that has ended but is not reaped yet counts as ended. */
    private static boolean isAlive(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
        } catch (IOException gone) {
            return false;
        }
    }
}
