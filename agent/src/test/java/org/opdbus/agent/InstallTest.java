// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.DBusConfig;

/** The scripts that install and uninstall, on a root folder of their own, with a program that prints a state file. */
final class InstallTest {
    private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();
    private static final String STATE = "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[{\"id\":\"100\"}]}}}";

    @TempDir
    Path folder;

    private Path root;
    private Path distribution;

    @BeforeEach
    void build() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        distribution = folder.resolve("op-dbus");
        Path program = Files.createDirectories(distribution.resolve("bin")).resolve("op-dbus");
        Files.writeString(program, "#!/bin/sh\n[ \"$*\" = 'init --introspect -' ] || exit 2\necho '" + STATE + "'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(program.resolveSibling("cloonix"), "#!/bin/sh\n");
    }

    @Test
    void a_dry_run_says_what_would_be_done_and_does_nothing() throws Exception {
        String said = run("install.sh", "--dry-run");
        assertThat(said)
                .contains("would write /etc/op-dbus/netmaker.env")
                .contains("would link /usr/local/bin/op-dbus")
                .contains("would write /etc/systemd/system/op-dbus.service");
        assertThat(tree()).isEmpty();
    }

    @Test
    void what_is_installed_has_the_rights_that_it_is_to_have() throws Exception {
        run("install.sh");
        assertThat(tree())
                .containsEntry("etc/op-dbus/netmaker.env", "rw-------")
                .containsEntry("etc/op-dbus/state.json", "rw-r--r--")
                .containsEntry("etc/op-dbus/op-dbus.json", "rw-r--r--")
                .containsEntry("etc/NetworkManager/conf.d/90-op-dbus.conf", "rw-r--r--")
                .containsEntry("etc/systemd/network/05-op-dbus.network", "rw-r--r--")
                .containsEntry("usr/local/share/op-dbus/bin/op-dbus", "rwxr-xr-x")
                .containsEntry("usr/share/polkit-1/actions/org.opdbus.policy", "rw-r--r--");
        assertThat(root.resolve("etc/op-dbus/state.json")).hasContent(STATE);
        assertThat(root.resolve("etc/systemd/system/op-dbus.service"))
                .content()
                .contains("ExecStart=/usr/local/bin/op-dbus run")
                .doesNotContain("/usr/bin/op-dbus");
        assertThat(root.resolve("usr/local/bin/op-dbus").toRealPath())
                .isEqualTo(root.resolve("usr/local/share/op-dbus/bin/op-dbus").toRealPath());
    }

    @Test
    void the_boot_unit_of_the_uplink_is_enabled() throws Exception {
        run("install.sh");
        Path unit = root.resolve("etc/systemd/system/op-dbus-uplink-boot.service");
        assertThat(root.resolve("etc/systemd/system/sysinit.target.wants/op-dbus-uplink-boot.service")
                        .toRealPath())
                .isEqualTo(unit.toRealPath());
        assertThat(unit).content().contains("undo.sh boot");
    }

    @Test
    void uninstalling_waits_until_a_move_of_the_uplink_is_over() throws Exception {
        run("install.sh");
        Path move = Files.createDirectories(root.resolve("var/lib/op-dbus/uplink/move"));
        Path journal = Files.writeString(move.resolve("journal"), "2026-11-30T02:00:00Z moved\n");
        Map<String, String> before = tree();

        assertThat(refused("uninstall.sh")).contains("uplink confirm or op-dbus uplink revert");
        assertThat(tree()).isEqualTo(before);

        Files.writeString(journal, "2026-11-30T02:01:00Z reverted\n", StandardOpenOption.APPEND);
        run("uninstall.sh");
        assertThat(tree()).doesNotContainKey("etc/systemd/system/op-dbus-uplink-boot.service");
    }

    @Test
    void uninstalling_waits_until_no_lab_runs() throws Exception {
        run("install.sh");
        Path lab = Files.createDirectories(root.resolve("run/op-dbus/labs/nemo"));
        Path wanted = Files.writeString(lab.resolve("wanted"), "");
        Map<String, String> before = tree();
        assertThat(refused("uninstall.sh")).contains("labs run", "op-dbus lab NET stop");
        assertThat(tree()).isEqualTo(before);

        Files.delete(wanted);
        run("uninstall.sh");
        assertThat(tree()).isEmpty();
    }

    @Test
    void every_name_on_the_bus_has_its_rules_and_its_activation() throws Exception {
        run("install.sh");
        for (String name : DBusConfig.NAMES) {
            assertThat(root.resolve("etc/dbus-1/system.d/" + name + ".conf"))
                    .content()
                    .contains("<allow own=\"" + name + "\"/>");
            assertThat(root.resolve("usr/local/share/dbus-1/system-services/" + name + ".service"))
                    .content()
                    .contains("Name=" + name + "\n");
            assertThat(tree())
                    .containsEntry("etc/dbus-1/system.d/" + name + ".conf", "rw-r--r--")
                    .containsEntry("usr/local/share/dbus-1/system-services/" + name + ".service", "rw-r--r--");
        }
    }

    @Test
    void only_the_owner_can_ever_read_the_token_file() throws Exception {
        // Watches the permissions of the file until it has the final ones.
        Path log = folder.resolve("rights");
        Path chmod = Files.createDirectories(folder.resolve("bin")).resolve("chmod");
        Files.writeString(chmod, "#!/bin/sh\nstat -c '%a %n' -- \"$2\" >>'" + log + "'\nexec /bin/chmod \"$@\"\n");
        Files.setPosixFilePermissions(chmod, PosixFilePermissions.fromString("rwxr-xr-x"));
        run("install.sh");
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.contains("netmaker.env"))
                .singleElement()
                .asString()
                .startsWith("600 ");
    }

    @Test
    void a_second_run_changes_nothing_and_says_so() throws Exception {
        run("install.sh");
        Files.writeString(root.resolve("etc/op-dbus/netmaker.env"), "NETMAKER_TOKEN=secret\n");
        Map<String, String> before = tree();
        assertThat(run("install.sh")).contains("nothing to do").doesNotContain("secret");
        assertThat(tree()).isEqualTo(before);
        assertThat(root.resolve("etc/op-dbus/netmaker.env")).hasContent("NETMAKER_TOKEN=secret");
    }

    @Test
    void uninstalling_undoes_exactly_what_was_done() throws Exception {
        Path foreign = Files.createDirectories(root.resolve("etc/NetworkManager/conf.d"));
        Files.writeString(foreign.resolve("10-own.conf"), "mine");
        Map<String, String> before = tree();
        run("install.sh");
        assertThat(run("uninstall.sh", "--dry-run")).contains("would remove /etc/op-dbus/op-dbus.json");
        assertThat(tree()).containsKey("etc/op-dbus/op-dbus.json");

        run("uninstall.sh");
        assertThat(tree()).isEqualTo(before);
        assertThat(run("uninstall.sh")).contains("nothing to do");
    }

    @Test
    void uninstalling_keeps_what_was_changed_since_and_what_the_agent_recorded() throws Exception {
        run("install.sh");
        Files.writeString(
                root.resolve("etc/op-dbus/netmaker.env"), "NETMAKER_TOKEN=secret\n", StandardOpenOption.APPEND);
        Files.createDirectories(root.resolve("var/lib/op-dbus/ledger"));
        assertThat(run("uninstall.sh"))
                .contains("/etc/op-dbus/netmaker.env has been changed since; it stays")
                .contains("the ledger and its key stay");
        assertThat(tree().keySet()).containsExactly("etc/op-dbus/netmaker.env");
    }

    @Test
    void labs_have_the_names_of_cloonix() throws Exception {
        run("install.sh");
        for (String name : List.of("cloonix_net", "cloonix_cli", "cloonix_ovs", "cloonix_wsk")) {
            assertThat(root.resolve("usr/local/bin/" + name).toRealPath())
                    .isEqualTo(
                            root.resolve("usr/local/share/op-dbus/bin/cloonix").toRealPath());
        }
        assertThat(run("install.sh")).contains("nothing to do").doesNotContain("cloonix");
    }

    @Test
    void a_cloonix_that_is_installed_already_keeps_its_names() throws Exception {
        Path theirs = Files.createDirectories(root.resolve("usr/bin")).resolve("cloonix_net");
        Files.writeString(theirs, "theirs");
        Path other = Files.createDirectories(root.resolve("usr/local/bin")).resolve("cloonix_ovs");
        Files.writeString(other, "theirs too");
        Map<String, String> before = tree();
        assertThat(run("install.sh"))
                .contains("/usr/bin/cloonix_net is another program", "/usr/local/bin/cloonix_ovs is another program");
        assertThat(tree()).doesNotContainKey("usr/local/bin/cloonix_net").containsKey("usr/local/bin/cloonix_cli");
        assertThat(other).hasContent("theirs too");

        run("uninstall.sh");
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void a_packages_files_are_left_to_the_package() throws Exception {
        Path program = Files.createDirectories(root.resolve("usr/bin")).resolve("op-dbus");
        Files.copy(distribution.resolve("bin/op-dbus"), program);
        assertThat(run("install.sh")).contains("installed as a package");
        assertThat(tree().keySet())
                .contains("etc/op-dbus/netmaker.env", "etc/op-dbus/state.json")
                .doesNotContain("etc/systemd/system/op-dbus.service", "usr/local/bin/op-dbus");
    }

    private List<String> command(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(DEPLOY.resolve(script).toString(), "--root", root.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private String run(String script, String... arguments) throws Exception {
        return run(command(script, arguments));
    }

    private String refused(String script) throws Exception {
        Process process =
                new ProcessBuilder(command(script)).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(2);
        return output;
    }

    private String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OP_DBUS_DISTRIBUTION", distribution.toString());
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Returns the files of the root with their permissions. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(each -> !Files.isDirectory(each)).toList()) {
                tree.put(
                        root.relativize(file).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return tree;
    }
}
