// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that runs the fuzzers, on a source tree of its own; instead of Maven and Java it runs small scripts. */
final class FuzzScriptTest {
    private static final Path SCRIPT = Path.of("..", "deploy", "fuzz.sh");
    private static final int LIMIT_S = 60;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void makeTheTree() throws IOException {
        executable("deploy/fuzz.sh", Files.readString(SCRIPT));
        Files.createDirectories(folder.resolve("verticles/src"));
        executable("bin/mvn", "#!/bin/sh\nmkdir -p verticles/target\necho x >verticles/target/test-classpath\n");
        executable("bin/java", """
                #!/bin/sh
                for argument; do
                    case $argument in
                        --target_method=*) method=${argument#*=} ;;
                        -artifact_prefix=*) inputs=${argument#*=} ;;
                    esac
                done
                echo begin >>"$LOG"
                case $method in
                    finds) printf abc >"${inputs}crash-1" ;;
                    breaks) echo no class ;;
                    hangs*) exec sleep 1000 ;;
                    *) sleep 0.2; echo "Done 5 runs in 1 second(s)" ;;
                esac
                echo end >>"$LOG"
                """);
    }

    @AfterEach
    void end() {
        for (Process run : started) {
            run.descendants().forEach(ProcessHandle::destroyForcibly);
            run.destroyForcibly();
        }
    }

    private void executable(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.setPosixFilePermissions(Files.writeString(file, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(List<String> methods, String... arguments) throws IOException {
        StringBuilder source = new StringBuilder();
        methods.forEach(method ->
                source.append("    @FuzzTest\n    void ").append(method).append("(byte[] bytes) {}\n"));
        Path file = folder.resolve("ledger/src/test/java/org/AFuzzTest.java");
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, source);
        ProcessBuilder builder =
                new ProcessBuilder(folder.resolve("deploy/fuzz.sh").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("LOG", folder.resolve("log").toString());
        Process run = builder.redirectErrorStream(true).start();
        started.add(run);
        run.getOutputStream().close();
        return run;
    }

    private static String said(Process run) throws IOException, InterruptedException {
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        return run.exitValue() + " " + said;
    }

    @Test
    void no_more_run_at_once_than_wanted_and_each_is_named_when_it_has_ended() throws Exception {
        assertThat(said(start(List.of("a", "b", "c", "d", "e"), "--at-once", "2", "1")))
                .startsWith("0 Fuzz tests: 5, each takes 60 s, 2 at once\n1 of 5: ")
                .contains("5 of 5: ", "AFuzzTest.a: Done 5 runs", "AFuzzTest.e: Done 5 runs");
        int running = 0;
        for (String line : Files.readAllLines(folder.resolve("log"))) {
            running += line.equals("begin") ? 1 : -1;
            assertThat(running).isBetween(0, 2);
        }
    }

    @Test
    void a_finding_fails_the_run_and_is_printed_with_its_path() throws Exception {
        assertThat(said(start(List.of("a", "finds"), "1")))
                .startsWith("1 ")
                .contains("AFuzzTest.finds: FOUND SOMETHING")
                .contains("ledger/src/test/resources/org/AFuzzTestInputs/finds/crash-1, in base64: YWJj\n")
                .contains("AFuzzTest.a: Done");
    }

    @Test
    void a_fuzzer_that_does_not_run_to_its_end_fails_the_run() throws Exception {
        assertThat(said(start(List.of("breaks"), "1")))
                .startsWith("1 ")
                .contains("AFuzzTest.breaks: DID NOT RUN TO ITS END", "    no class\n");
    }

    @Test
    void a_run_that_is_told_to_end_leaves_no_process() throws Exception {
        Process run = start(List.of("hangs", "hangs2", "hangs3"), "--at-once", "2", "1");
        List<ProcessHandle> children = eventually(() -> {
            List<ProcessHandle> all = run.descendants().toList();
            assertThat(all.stream()
                            .filter(each -> each.info().command().orElse("").endsWith("sleep")))
                    .hasSize(2);
            return all;
        });
        run.destroy();
        assertThat(run.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(143);
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }
}
