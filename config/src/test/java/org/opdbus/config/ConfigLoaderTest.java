// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.json.ConfigException.Reason;
import org.opdbus.config.json.Problem;

final class ConfigLoaderTest {
    @TempDir
    Path folder;

    @Test
    void an_empty_object_means_defaults() throws Exception {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertThat(ConfigLoader.load(file("{}"))).isEqualTo(AgentConfig.defaults(host));
    }

    @Test
    void all_problems_are_reported_together_with_their_keys() throws Exception {
        ConfigException refusal = refusal("""
                {
                  "host": "-x",
                  "runtime": {"dir": "run"},
                  "ovsdb": {"socket": 7, "timeoutMs": 5, "resyncIntervalMs": 1.5},
                  "lxc": {"driver": "docker", "path": null},
                  "naming": {"template": "vi", "mode": true},
                  "enrollment": {"automatic": "yes", "bridge": "a/b", "ignore": ["ok", "[", 3], "ingore": []},
                  "netmaker": {"netclient": "netclient -v",
                    "api": {"url": "http://api.example.com", "networks": ["prod", "a b"], "caFile": "ca.pem"}},
                  "ledger": [],
                  "http": {"listen": "8080"},
                  "dbus": {"names": ["org.opdbus", "org.example"], "address": "tcp:host=0.0.0.0,port=1",
                    "group": "0", "machined": 1},
                  "fuse": {"mount": "files", "readers": "all users"},
                  "clutser": {"enabled": true}
                }
                """);

        assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
        assertThat(refusal.problems())
                .map(Problem::key)
                .containsExactlyInAnyOrder(
                        "host",
                        "runtime.dir",
                        "ovsdb.socket",
                        "ovsdb.timeoutMs",
                        "ovsdb.resyncIntervalMs",
                        "lxc.driver",
                        "lxc.path",
                        "naming.template",
                        "naming.mode",
                        "enrollment.automatic",
                        "enrollment.bridge",
                        "enrollment.ignore[1]",
                        "enrollment.ignore[2]",
                        "enrollment.ingore",
                        "netmaker.netclient",
                        "netmaker.api.url",
                        "netmaker.api.networks[1]",
                        "netmaker.api.caFile",
                        "ledger",
                        "http.listen",
                        "dbus.names[1]",
                        "dbus.address",
                        "dbus.group",
                        "dbus.machined",
                        "fuse.mount",
                        "fuse.readers",
                        "clutser");
        assertThat(refusal.getMessage())
                .startsWith(folder.resolve("op-dbus.json") + ": 27 problems\n")
                .contains("\n  ovsdb.timeoutMs: must be 100 to 600000, is 5")
                .contains("\n  ovsdb.resyncIntervalMs: must be a whole number, is a number with a fraction")
                .contains("\n  lxc.driver: must be one of auto, lxc, pct, is \"docker\"")
                .contains("\n  lxc.path: must be a string, is null; leave the key out to use the default")
                .contains("\n  dbus.names[1]: must be one of org.opdbus, dev.ovs.PortAgent1, org.openvswitch.ovsdb, "
                        + "org.system.introspection, is \"org.example\"")
                .contains("\n  enrollment.ingore: is not a known key; the nearest is enrollment.ignore")
                .contains("\n  clutser: is not a known key; the nearest is cluster");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"bridge\": \"vmbr1\"}', bridge, enrollment.bridge",
        "'{\"ledger\": {\"directory\": \"/x\"}}', ledger.directory, ledger.dir",
        "'{\"Host\": \"x\"}', Host, host",
        "'{\"lxc\": {\"Path\": \"/x\"}}', lxc.Path, lxc.path",
    })
    void an_unknown_key_is_answered_by_the_nearest_known_one(String text, String key, String nearest)
            throws IOException {
        assertThat(refusal(text).problems())
                .containsExactly(new Problem(key, "is not a known key; the nearest is " + nearest));
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"ledger\": {\"colour\": 1}}', ledger.colour, 'known there: '",
        "'{\"lxc\": {\"pqrs\": 1}}', lxc.pqrs, 'known there: driver, path'",
        "'{\"xy\": 1}', xy, 'known there: cluster, dbus, enrollment, fuse, host, '",
    })
    void a_key_that_is_near_no_other_is_answered_by_those_of_its_level(String text, String key, String known)
            throws IOException {
        assertThat(refusal(text).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.toString()).startsWith(key + ": is not a known key; " + known);
            assertThat(problem.toString()).doesNotContain("nearest");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"lxc\": {}, // here\n}", "{\n/* why */ }", "# what\n{}", "{} // after", "{\"host\": /* */ 1}"
            })
    void a_comment_is_refused_with_what_to_do(String text) throws IOException {
        ConfigException refusal = refusal(text);
        assertThat(refusal.reason()).isEqualTo(Reason.SYNTAX);
        assertThat(refusal).hasMessageContaining("JSON has no comments; remove this one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\n  \"host\": \"a\"\n  \"lxc\": {}}' | line 3, column 3",
                "'{\"lxc\": {},}' | line 1, column 12",
                "'{\"lxc\": {}' | line 1, column 11",
                "'{} {}' | line 1, column 4",
                "'{host: 1}' | line 1, column 2",
                "'{\"ovsdb\": {\"timeoutMs\": 010}}' | line 1, column 26",
                "'{\"ovsdb\": {\"timeoutMs\": NaN}}' | line 1, column 28",
                "'nonsense' | line 1, column 9",
            })
    void what_is_not_json_is_refused_with_its_place(String text, String place) throws IOException {
        ConfigException refusal = refusal(text);
        assertThat(refusal.reason()).isEqualTo(Reason.SYNTAX);
        assertThat(refusal).hasMessageContaining(": " + place + ": ");
    }

    @Test
    void a_key_that_is_given_twice_is_refused() throws IOException {
        ConfigException refusal = refusal("{\"lxc\": {\"path\": \"/a\",\n\"path\": \"/b\"},\n\"lxc\": {}}");
        assertThat(refusal.problems())
                .containsExactly(
                        new Problem("lxc.path", "is given a second time on line 2"),
                        new Problem("lxc", "is given a second time on line 3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"text\"", "null", "true"})
    void a_document_that_is_no_object_is_refused(String text) throws IOException {
        assertThat(refusal(text).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).startsWith("must be an object, is "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t"})
    void an_empty_file_is_refused(String text) throws IOException {
        assertThat(refusal(text)).hasMessageContaining("is empty; a file that sets nothing is written {}");
    }

    @Test
    void numbers_beyond_all_bounds_are_refused() throws IOException {
        assertThat(refusal("{\"ovsdb\": {\"timeoutMs\": 99999999999999999999, \"resyncIntervalMs\": 1e999}}")
                        .problems())
                .map(Problem::key)
                .containsExactly("ovsdb.timeoutMs", "ovsdb.resyncIntervalMs");
        assertThat(refusal("{\"ovsdb\": {\"timeoutMs\": " + "9".repeat(100_000) + "}}")
                        .reason())
                .isEqualTo(Reason.SYNTAX);
    }

    @Test
    void deep_nesting_is_refused() throws IOException {
        assertThat(refusal("[".repeat(100_000)).reason()).isEqualTo(Reason.SYNTAX);
    }

    @Test
    void a_socket_whose_path_is_too_long_for_the_kernel_is_refused() throws IOException {
        String path = "/" + "x".repeat(107);
        assertThat(refusal("{\"ovsdb\": {\"socket\": \"" + path + "\"}, \"runtime\": {\"dir\": \""
                                + path.substring(0, 93) + "\"}}")
                        .problems())
                .map(Problem::key)
                .containsExactly("runtime.dir", "ovsdb.socket");
    }

    @Test
    void a_path_with_a_zero_byte_is_refused() throws IOException {
        assertThat(refusal("{\"lxc\": {\"path\": \"/a\\u0000b\"}}")).hasMessageContaining("lxc.path: is not a path");
    }

    @Test
    void the_key_file_is_beside_the_ledger_unless_it_is_given() throws Exception {
        assertThat(ConfigLoader.load(file("{\"ledger\": {\"dir\": \"/tmp/x/ledger\"}}"))
                        .ledger()
                        .keyFile())
                .isEqualTo(Path.of("/tmp/x/host.key"));
    }

    @Test
    void a_byte_order_mark_is_ignored() throws Exception {
        assertThat(ConfigLoader.load(file("\uFEFF{\"host\": \"a\"}")).host()).isEqualTo("a");
    }

    @Test
    void only_the_default_file_may_be_missing() throws Exception {
        Path missing = folder.resolve("none.json");
        assertThat(ConfigLoader.loadIfPresent(missing)).isEqualTo(ConfigLoader.load(file("{}")));
        ConfigException refusal = refusal(missing);
        assertThat(refusal.reason()).isEqualTo(Reason.MISSING);
        assertThat(refusal).hasMessage(missing + ": there is no such file");
    }

    @Test
    void a_link_to_nowhere_is_a_missing_file() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), folder.resolve("nowhere"));
        assertThat(refusal(link).reason()).isEqualTo(Reason.MISSING);
    }

    @Test
    void a_folder_is_refused() {
        assertThat(refusal(folder)).hasMessageEndingWith("cannot be read: it is a folder");
    }

    @Test
    void bytes_that_are_not_text_are_refused() throws IOException {
        Path file = Files.write(folder.resolve("binary"), new byte[] {'{', (byte) 0xC3, '}'});
        assertThat(refusal(file)).hasMessageEndingWith("is not UTF-8 text");
    }

    @Test
    void a_huge_file_is_refused_without_being_read_whole() throws IOException {
        Path file = file(" ".repeat(ConfigLoader.BYTES_MAX) + "{}");
        assertThat(refusal(file).reason()).isEqualTo(Reason.UNREADABLE);
        assertThat(refusal(Path.of("/dev/zero")).reason()).isEqualTo(Reason.UNREADABLE);
    }

    @Test
    void a_list_of_patterns_becomes_what_it_ignores() throws Exception {
        EnrollmentConfig enrollment = ConfigLoader.load(file("{\"enrollment\": {\"ignore\": [\"db-*\", \"9??\"]}}"))
                .enrollment();
        assertThat(List.of("db-1", "900", "web", "9000"))
                .map(enrollment::ignores)
                .containsExactly(true, true, false, false);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("op-dbus.json"), text);
    }

    private ConfigException refusal(String text) throws IOException {
        return refusal(file(text));
    }

    private static ConfigException refusal(Path file) {
        return catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file));
    }
}
