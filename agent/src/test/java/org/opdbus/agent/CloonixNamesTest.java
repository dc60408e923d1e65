// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of cloonix, with an op-dbus that knows one lab and prints the words with which it is called. */
final class CloonixNamesTest {
    private static final Path SCRIPT = Path.of("src", "main", "dist", "bin", "cloonix");
    private static final List<String> NAMES = List.of("cloonix_net", "cloonix_cli", "cloonix_ovs", "cloonix_wsk");

    @TempDir
    Path folder;

    private Path bin;

    private record Outcome(int status, List<String> output, String errors) {}

    @BeforeEach
    void install() throws IOException {
        // With a blank, because a folder name may contain one.
        Path home = Files.createDirectories(folder.resolve("op dbus/bin"));
        executable(home.resolve("cloonix"), Files.readString(SCRIPT));
        executable(home.resolve("op-dbus"), """
                #!/bin/sh
                case "$1 $3 $*" in
                "lab show lab full show")
                    printf 'ITEM    ID  KIND  STATE\nCloon1  1   kvm   running\n\n'
                    printf 'PORT    ITEM    NUM  LAN\n_k_1_0  Cloon1  0    lan01\n_k_1_1  Cloon1  1\n'
                    ;;
                "lab dump lab gone dump") echo 'KO there is no lab gone' && exit 1 ;;
                "lab dump lab full "*) printf 'add kvm a eth=s append="x y"\\nadd lan a 0 lan01\\nadd tap b eth=v\\n' ;;
                "lab replay "*) echo "$*" && cat ;;
                *) for word; do echo "<$word>"; done ;;
                esac
                """);
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String name : NAMES) {
            Files.createSymbolicLink(bin.resolve(name), home.resolve("cloonix"));
        }
    }

    @Test
    void each_name_is_a_command_of_labs() throws Exception {
        assertThat(words("cloonix_net", "nemo")).isEqualTo("lab nemo start --empty");
        assertThat(words("cloonix_cli")).isEqualTo("lab list");
        assertThat(words("cloonix_cli", "nemo", "add", "lan", "Cloon1", "0", "lan01"))
                .isEqualTo("lab nemo add lan Cloon1 0 lan01");
        assertThat(words("cloonix_cli", "nemo", "kil")).isEqualTo("lab nemo remove");
        assertThat(words("cloonix_cli", "nemo", "lst")).isEqualTo("lab nemo dump");
        assertThat(words("cloonix_cli", "nemo", "dmp")).isEqualTo("lab nemo show");
        assertThat(words("cloonix_cli", "nemo", "snf", "Cloon1", "0", "1")).isEqualTo("lab nemo snf Cloon1 0 1");
        assertThat(words("cloonix_ovs", "nemo", "show")).isEqualTo("lab nemo vsctl show");
        assertThat(words("cloonix_ovs", "nemo", "ofctl", "dump-flows", "_b_lan01"))
                .isEqualTo("lab nemo ofctl dump-flows _b_lan01");
        assertThat(words("cloonix_ovs", "nemo", "appctl", "fdb/show", "_b_lan01"))
                .isEqualTo("lab nemo appctl fdb/show _b_lan01");
    }

    @Test
    void words_are_passed_on_as_they_are() throws Exception {
        assertThat(call("cloonix_cli", "nemo", "add", "kvm", "a b", "*", "", "$HOME")
                        .output())
                .containsExactly("<lab>", "<nemo>", "<add>", "<kvm>", "<a b>", "<*>", "<>", "<$HOME>");
    }

    @Test
    void all_items_are_removed_in_one_request() throws Exception {
        assertThat(call("cloonix_cli", "full", "rma").output()).containsExactly("lab full replay -", "del a", "del b");
        Outcome absent = call("cloonix_cli", "gone", "rma");
        assertThat(absent.status()).isEqualTo(1);
        assertThat(absent.output()).containsExactly("KO there is no lab gone");
    }

    @Test
    void help_is_printed_by_each_and_asks_no_agent() throws Exception {
        for (String name : NAMES) {
            Outcome outcome = call(name, "--help");
            assertThat(outcome.status()).isZero();
            assertThat(outcome.errors()).isEmpty();
            assertThat(outcome.output().get(0)).startsWith("usage: " + name);
        }
    }

    @Test
    void what_is_not_understood_is_one_clear_line() throws Exception {
        Outcome unknown = call("cloonix_cli", "nemo", "hop", "x");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.output())
                .containsExactly("KO \"hop\" is no word of cloonix_cli here; see cloonix_cli --help");
        assertThat(unknown.errors()).isEmpty();

        Outcome option = call("cloonix_net", "-x");
        assertThat(option.status()).isEqualTo(1);
        assertThat(option.output())
                .containsExactly(
                        "KO \"-x\" is no name of a lab; begin it with a letter or a digit; see cloonix_net --help");

        for (List<String> wrong : List.of(
                List.of("cloonix_net"), List.of("cloonix_ovs", "nemo"), List.of("cloonix_wsk", "nemo", "Cloon1"))) {
            Outcome outcome = call(wrong.toArray(String[]::new));
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.output()).isEmpty();
            assertThat(outcome.errors()).startsWith("usage: " + wrong.get(0));
        }
    }

    @Test
    void wireshark_reads_a_capture_of_the_endpoint() throws Exception {
        executable(bin.resolve("wireshark"), "#!/bin/sh\necho \"wireshark $*\"\ncat\n");
        assertThat(call("cloonix_wsk", "full", "Cloon1", "1").output())
                .containsExactly("wireshark -k -i -", "<capture>", "<--lab>", "<full>", "<_k_1_1>");
        Outcome absent = call("cloonix_wsk", "full", "Cloon1", "2");
        assertThat(absent.status()).isEqualTo(1);
        assertThat(absent.output())
                .containsExactly("KO the lab full has no item \"Cloon1\" with an endpoint 2; see cloonix_cli full dmp");
    }

    @Test
    void without_wireshark_it_says_how_to_write_a_file() throws Exception {
        // PATH without a folder in which wireshark can be.
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("sh", "readlink", "cat")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
        }
        Outcome outcome = call(tools.toString(), List.of("cloonix_wsk", "full", "Cloon1", "0"));
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output())
                .containsExactly("KO wireshark is not on this host; install it, or write a file: "
                        + "op-dbus capture --lab full -w FILE _k_1_0");
    }

    private String words(String... command) throws Exception {
        Outcome outcome = call(command);
        assertThat(outcome.status()).as(outcome.errors()).isZero();
        return String.join(" ", outcome.output()).replaceAll("[<>]", "");
    }

    private Outcome call(String... command) throws Exception {
        return call(bin + ":" + System.getenv("PATH"), List.of(command));
    }

    private Outcome call(String path, List<String> command) throws Exception {
        List<String> words = new ArrayList<>(command);
        words.set(0, bin.resolve(command.get(0)).toString());
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(errors.toFile());
        builder.environment().put("PATH", path);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output.lines().toList(), Files.readString(errors));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
