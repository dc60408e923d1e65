// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with fake Javas that print their arguments instead of running the program. */
final class LauncherTest {
    private static final Path LAUNCHER = Path.of("src", "main", "dist", "bin", "op-dbus");

    @TempDir
    Path folder;

    private Path home;
    private Path launcher;

    private record Outcome(int status, List<String> output, String errors) {}

    @BeforeEach
    void install() throws IOException {
        // With a blank, because a folder name may contain one.
        home = Files.createDirectories(folder.resolve("op dbus"));
        launcher = executable(home.resolve("bin/op-dbus"), Files.readString(LAUNCHER));
    }

    @Test
    void java_is_given_the_libraries_the_main_class_and_every_argument_as_it_is() throws Exception {
        Outcome outcome = launch(launcher, Map.of("OP_DBUS_JAVA", java("17.0.15")), "query", "a b", "", "*", "$HOME");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.output())
                .endsWith("-cp", home + "/lib/*", "org.opdbus.agent.Main", "query", "a b", "", "*", "$HOME");
    }

    @Test
    void the_agent_says_so_if_it_may_open_too_few_files() throws Exception {
        Path limited =
                executable(folder.resolve("limited"), "#!/bin/sh\nulimit -n 64\nexec '" + launcher + "' \"$@\"\n");
        Map<String, String> environment = Map.of("OP_DBUS_JAVA", java("17"));

        Outcome agent = launch(limited, environment, "run");
        assertThat(agent.status()).isEqualTo(2);
        assertThat(agent.output()).isEmpty();
        assertThat(agent.errors()).contains("64 files only", "LimitNOFILE=");
        // A command needs few options.
        assertThat(launch(limited, environment, "query").status()).isZero();
    }

    @Test
    void java_is_told_the_soft_limit_on_open_files_that_it_raises() throws Exception {
        Path limited =
                executable(folder.resolve("limited"), "#!/bin/sh\nulimit -S -n 700\nexec '" + launcher + "' \"$@\"\n");
        for (String command : List.of("run", "container")) {
            assertThat(launch(limited, Map.of("OP_DBUS_JAVA", java("17")), command)
                            .output())
                    .contains("-Dop-dbus.openFiles=700");
        }
    }

    @Test
    void the_agent_lets_no_client_repeat_the_handshake_of_tls() throws Exception {
        assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java("17")), "run").output())
                .contains("-Djdk.tls.rejectClientInitiatedRenegotiation=true");
    }

    @Test
    void a_misspelt_option_of_the_user_is_refused_by_java() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (String command : List.of("run", "version")) {
            Outcome outcome = launch(
                    launcher, Map.of("OP_DBUS_JAVA", java, "OP_DBUS_JAVA_OPTS", "-XX:MaxHeapFreRatio=40"), command);
            assertThat(outcome.status()).as(command).isEqualTo(1);
            assertThat(outcome.output() + outcome.errors()).contains("MaxHeapFreRatio");
        }
    }

    @Test
    void an_option_that_not_every_update_knows_is_given_to_those_that_do() throws Exception {
        String option = "-XX:TrimNativeHeapInterval=30000";
        for (String version : List.of("17", "17.0.8", "17.0.x", "18.0.2", "21", "21.0.1", "22.0.2")) {
            assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java(version)), "run")
                            .output())
                    .as(version)
                    .doesNotContain(option);
        }
        for (String version : List.of("17.0.15", "21.0.7", "21.0.10+7", "23", "25.0.3", "26-ea")) {
            assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java(version)), "run")
                            .output())
                    .as(version)
                    .contains(option);
        }
    }

    @Test
    void it_finds_its_folder_through_symbolic_links() throws Exception {
        Path direct = Files.createSymbolicLink(folder.resolve("direct"), launcher);
        Path indirect = Files.createSymbolicLink(folder.resolve("indirect"), direct.getFileName());

        assertThat(launch(indirect, Map.of("OP_DBUS_JAVA", java("17")), "version")
                        .output())
                .contains(home + "/lib/*");
    }

    @Test
    void the_agent_and_a_command_are_tuned_differently() throws Exception {
        Map<String, String> environment = Map.of("OP_DBUS_JAVA", java("17.0.1"));
        for (String[] arguments : new String[][] {{"run"}, {"--config", "query", "run"}, {"--config=x", "run"}}) {
            assertThat(launch(launcher, environment, arguments).output())
                    .as(Arrays.toString(arguments))
                    .contains(
                            "-Xms8m",
                            "-XX:InitialHeapSize=20m",
                            "-Xmx96m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-XX:TieredStopAtLevel=1");
        }
        for (String[] arguments : new String[][] {{}, {"query", "run"}, {"--config", "run", "query"}, {"--help"}}) {
            assertThat(launch(launcher, environment, arguments).output())
                    .as(Arrays.toString(arguments))
                    .contains("-XX:TieredStopAtLevel=1")
                    .doesNotContain("-Xmx96m");
        }
        for (String[] arguments : new String[][] {{"ledger", "verify"}, {"blockchain", "--dir", "x", "export"}}) {
            assertThat(launch(launcher, environment, arguments).output())
                    .as(Arrays.toString(arguments))
                    .doesNotContain("-XX:TieredStopAtLevel=1", "-Xmx96m");
        }
    }

    @Test
    void an_archive_of_classes_is_used_if_there_is_one() throws Exception {
        Map<String, String> environment = Map.of("OP_DBUS_JAVA", java("17.0.1"));
        assertThat(launch(launcher, environment, "query").output()).noneMatch(line -> line.contains("Archive"));

        Path archive = Files.createDirectory(home.resolve("cache")).resolve("classes.jsa");
        Files.writeString(archive, "");

        assertThat(launch(launcher, environment, "query").output()).contains("-XX:SharedArchiveFile=" + archive);
        assertThat(launch(launcher, environment, "run").output()).contains("-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void the_agent_has_an_archive_of_its_own() throws Exception {
        Map<String, String> environment = Map.of("OP_DBUS_JAVA", java("17.0.1"));
        Path cache = Files.createDirectory(home.resolve("cache"));
        Path commands = Files.writeString(cache.resolve("classes.jsa"), "");
        Path agent = Files.writeString(cache.resolve("run.jsa"), "");

        assertThat(launch(launcher, environment, "run").output())
                .contains("-XX:SharedArchiveFile=" + agent)
                .doesNotContain("-XX:SharedArchiveFile=" + commands);
        assertThat(launch(launcher, environment, "query").output())
                .contains("-XX:SharedArchiveFile=" + commands)
                .doesNotContain("-XX:SharedArchiveFile=" + agent);
    }

    @Test
    void commands_that_are_over_at_once_use_the_collector_with_which_java_17_takes_its_own_objects_from_an_archive()
            throws Exception {
        for (String command : List.of("query", "container")) {
            assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java("17.0.1")), command)
                            .output())
                    .as(command)
                    .contains("-XX:+UseG1GC")
                    .doesNotContain("-XX:+UseSerialGC");
            assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java("21.0.7")), command)
                            .output())
                    .as(command)
                    .contains("-XX:+UseSerialGC")
                    .doesNotContain("-XX:+UseG1GC");
        }
        assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java("17.0.1")), "run")
                        .output())
                .contains("-XX:+UseSerialGC")
                .doesNotContain("-XX:+UseG1GC");
    }

    @Test
    void an_option_that_only_newer_javas_know_is_given_to_them_only() throws Exception {
        String option = "--sun-misc-unsafe-memory-access=allow";
        for (String version : List.of("17.0.15", "21.0.7", "23.0.1")) {
            assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java(version))).output())
                    .as(version)
                    .doesNotContain(option);
        }
        for (String version : List.of("24", "25.0.3", "26-ea")) {
            assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", java(version))).output())
                    .as(version)
                    .contains(option);
        }
    }

    @Test
    void further_options_come_last_and_are_not_expanded() throws Exception {
        Outcome outcome =
                launch(launcher, Map.of("OP_DBUS_JAVA", java("17"), "OP_DBUS_JAVA_OPTS", "-Xmx1g  -Dglob=*"), "run");
        assertThat(outcome.output()).containsSubsequence("-Xmx96m", "-Xmx1g", "-Dglob=*", "-cp");
    }

    @Test
    void the_java_that_is_named_is_taken_or_refused_but_never_replaced() throws Exception {
        for (String named : List.of(java("11.0.2"), java("1.8.0_292"), folder + "/none", folder.toString())) {
            Outcome outcome = launch(launcher, Map.of("OP_DBUS_JAVA", named, "JAVA_HOME", javaHome("17")), "version");
            assertThat(outcome.status()).as(named).isEqualTo(2);
            assertThat(outcome.errors())
                    .isEqualTo("op-dbus: OP_DBUS_JAVA names " + named + ", which is not a Java of 17 or later\n");
        }
    }

    @Test
    void java_home_comes_before_the_path_unless_it_is_too_old() throws Exception {
        String path = javaHome("21.0.1") + "/bin:" + System.getenv("PATH");
        assertThat(launch(launcher, Map.of("JAVA_HOME", javaHome("17.0.2"), "PATH", path))
                        .output())
                .startsWith("java 17.0.2");
        assertThat(launch(launcher, Map.of("JAVA_HOME", javaHome("11.0.2"), "PATH", path))
                        .output())
                .startsWith("java 21.0.1");
        assertThat(launch(launcher, Map.of("PATH", path)).output()).startsWith("java 21.0.1");
    }

    @Test
    void a_java_without_a_release_file_is_asked_for_its_version() throws Exception {
        String javaHome = javaHome("17.0.9");
        Files.delete(Path.of(javaHome, "release"));
        assertThat(launch(launcher, Map.of("OP_DBUS_JAVA", javaHome + "/bin/java"), "version")
                        .output())
                .startsWith("java 17.0.9");
    }

    private static Outcome launch(Path program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeAll(List.of("JAVA_HOME", "OP_DBUS_JAVA", "OP_DBUS_JAVA_OPTS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output.lines().toList(), errors);
    }

    private String java(String version) throws IOException {
        return javaHome(version) + "/bin/java";
    }

    /**
     * A fake Java that prints its version, then its arguments, one per line; it answers {@code -version} as a real
     * one does.
     */
    private String javaHome(String version) throws IOException {
        Path javaHome = folder.resolve("java " + version);
        executable(javaHome.resolve("bin/java"), """
                #!/bin/sh
                if [ "$1" = -version ]; then
                    echo 'openjdk version "%1$s" 2025-04-15' >&2
                else
                    echo 'java %1$s'
                    printf '%%s\\n' "$@"
                fi
                """.formatted(version));
        Files.writeString(
                javaHome.resolve("release"),
                "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\"99+1\"\nJAVA_VERSION=\"" + version + "\"\nLIBC=\"gnu\"\n");
        return javaHome.toString();
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
