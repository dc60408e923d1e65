// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.json.ConfigException;

/** Holds code, default file and documentation together: each names every key, with the same default and limits. */
final class AgentConfigTest {
    private static final Path DEFAULT_FILE = Path.of("..", "deploy", "op-dbus.json");
    private static final Path DOCUMENTATION = Path.of("..", "docs", "CONFIG.md");
    private static final Pattern RANGE = Pattern.compile("(\\d+) to (\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For every key a value that is not its default, and what it becomes. */
    private static final Map<String, List<String>> OTHER_VALUES = Map.ofEntries(
            Map.entry("host", List.of("\"other\"", "other")),
            Map.entry("runtime.dir", List.of("\"/r\"", "/r")),
            Map.entry("state.file", List.of("\"/s.json\"", "/s.json")),
            Map.entry("state.watch", List.of("true", "true")),
            Map.entry("ovsdb.socket", List.of("\"/db.sock\"", "/db.sock")),
            Map.entry("ovsdb.timeoutMs", List.of("101", "101")),
            Map.entry("ovsdb.resyncIntervalMs", List.of("60001", "60001")),
            Map.entry("lxc.path", List.of("\"/lxc\"", "/lxc")),
            Map.entry("lxc.driver", List.of("\"pct\"", "PCT")),
            Map.entry("proxmox.confDir", List.of("\"/srv/pve\"", "/srv/pve")),
            Map.entry("workloads.docker.socket", List.of("\"/d.sock\"", "/d.sock")),
            Map.entry("workloads.podman.socket", List.of("\"\"", "")),
            Map.entry("naming.template", List.of("\"ct{id}x\"", "ct{id}x")),
            Map.entry("naming.mode", List.of("\"altname\"", "ALTNAME")),
            Map.entry("enrollment.automatic", List.of("false", "false")),
            Map.entry("enrollment.networkType", List.of("\"netmaker\"", "NETMAKER")),
            Map.entry("enrollment.bridge", List.of("\"br-int\"", "br-int")),
            Map.entry("enrollment.ignore", List.of("[\"a*\", \"b\"]", "[a*, b]")),
            Map.entry("enrollment.onDrift", List.of("\"report\"", "REPORT")),
            Map.entry("netmaker.envFile", List.of("\"/n.env\"", "/n.env")),
            Map.entry("netmaker.netclient", List.of("\"/opt/netclient\"", "/opt/netclient")),
            Map.entry("netmaker.rejoin", List.of("false", "false")),
            Map.entry("netmaker.api.url", List.of("\"https://api.example.com\"", "https://api.example.com")),
            Map.entry("netmaker.api.credentialFile", List.of("\"/k\"", "/k")),
            Map.entry("netmaker.api.networks", List.of("[\"prod\"]", "[prod]")),
            Map.entry("netmaker.api.caFile", List.of("\"/ca.pem\"", "/ca.pem")),
            Map.entry("ledger.dir", List.of("\"/l\"", "/l")),
            Map.entry("ledger.keyFile", List.of("\"/k\"", "/k")),
            Map.entry("ledger.segmentBytesMax", List.of("65536", "65536")),
            Map.entry("http.listen", List.of("\"[::1]:0\"", "[::1]:0")),
            Map.entry("http.tokenFile", List.of("\"/t\"", "/t")),
            Map.entry("http.hosts", List.of("[\"a.example.com\"]", "[a.example.com]")),
            Map.entry("http.tls.certificate", List.of("\"/c.pem\"", "/c.pem")),
            Map.entry("http.tls.key", List.of("\"/k.pem\"", "/k.pem")),
            Map.entry("dbus.names", List.of("[\"org.opdbus\"]", "[org.opdbus]")),
            Map.entry("dbus.address", List.of("\"unix:abstract=test\"", "unix:abstract=test")),
            Map.entry("dbus.group", List.of("\"netdev\"", "netdev")),
            Map.entry("dbus.machined", List.of("true", "true")),
            Map.entry("fuse.mount", List.of("\"/run/op-dbus/files\"", "/run/op-dbus/files")),
            Map.entry("fuse.readers", List.of("\"*\"", "*")),
            Map.entry("fuse.writable", List.of("true", "true")),
            Map.entry("cluster.enabled", List.of("true", "true")),
            Map.entry("cluster.listen", List.of("\"10.0.0.1:1\"", "10.0.0.1:1")),
            Map.entry("cluster.bus", List.of("\"10.0.0.1:2\"", "10.0.0.1:2")),
            Map.entry("cluster.door", List.of("\"[fd00::1]:3\"", "[fd00::1]:3")),
            Map.entry("cluster.members", List.of("[\"10.0.0.2:7800\", \"b:1\"]", "[10.0.0.2:7800, b:1]")),
            Map.entry("cluster.membersFile", List.of("\"/m\"", "/m")),
            Map.entry("cluster.dir", List.of("\"/c\"", "/c")),
            Map.entry("cluster.claims", List.of("false", "false")),
            Map.entry("cluster.engine", List.of("\"nats\"", "NATS")),
            Map.entry("cluster.nats.servers", List.of("[\"tls://n1:4222\"]", "[n1:4222]")),
            Map.entry("cluster.nats.credentials", List.of("\"/cr\"", "/cr")),
            Map.entry("cluster.nats.prefix", List.of("\"fleet\"", "fleet")));

    @TempDir
    Path folder;

    @Test
    void defaults_are_documented() throws Exception {
        assertThat(ConfigLoader.load(DEFAULT_FILE)).isEqualTo(ConfigLoader.load(file("{}")));

        Map<String, String> inFile = new LinkedHashMap<>();
        collect(JSON.readTree(DEFAULT_FILE.toFile()), "", inFile);
        Map<String, String> inDocumentation = documented().entrySet().stream()
                .filter(row -> !row.getKey().equals("host"))
                .collect(toMap(Map.Entry::getKey, row -> row.getValue().get(1).replace("`", "")));
        assertThat(inDocumentation).isEqualTo(inFile);
    }

    @Test
    void limits_are_documented() throws Exception {
        int ranges = 0;
        for (Map.Entry<String, List<String>> row : documented().entrySet()) {
            Matcher range = RANGE.matcher(row.getValue().get(2));
            if (row.getValue().get(0).equals("whole number")) {
                assertThat(range.matches()).as(row.getKey()).isTrue();
                Path least = file(with(row.getKey(), range.group(1)));
                assertThatCode(() -> ConfigLoader.load(least)).doesNotThrowAnyException();
                Path most = file(with(row.getKey(), range.group(2)));
                assertThatCode(() -> ConfigLoader.load(most)).doesNotThrowAnyException();
                assertRefused(row.getKey(), Long.parseLong(range.group(1)) - 1);
                assertRefused(row.getKey(), Long.parseLong(range.group(2)) + 1);
                ranges++;
            }
        }
        assertThat(ranges).isEqualTo(3);
    }

    @Test
    void every_key_is_mapped() throws Exception {
        List<String> keys = new ArrayList<>();
        collect(AgentConfig.class, "", keys);
        assertThat(documented().keySet()).containsExactlyElementsOf(keys);
        assertThat(OTHER_VALUES.keySet()).containsExactlyInAnyOrderElementsOf(keys);

        AgentConfig defaults = ConfigLoader.load(file("{}"));
        for (String key : keys) {
            List<String> other = OTHER_VALUES.getOrDefault(key, List.of());
            assertThat(valueOf(defaults, key)).as(key).doesNotHaveToString(other.get(1));
            AgentConfig changed = ConfigLoader.load(file(with(key, other.get(0))));
            assertThat(valueOf(changed, key)).as(key).hasToString(other.get(1));
        }
    }

    @Test
    void a_record_refuses_what_its_file_may_not_have() {
        assertThatThrownBy(() -> new OvsdbConfig(Path.of("/db.sock"), 5, 60_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeoutMs: must be 100 to 600000, is 5");
    }

    @Test
    void a_cluster_gets_addresses_that_others_can_use_and_always_encrypts() throws Exception {
        Map<String, String> refused = Map.of(
                "{\"listen\": \"0.0.0.0:7800\"}", "cluster.listen: must be an address by which other hosts reach this",
                "{\"bus\": \"[::]:7801\"}", "cluster.bus: must be an address by which other hosts reach this",
                "{\"door\": \"10.0.0.1:0\"}", "cluster.door: must have a port of 1 to 65535",
                "{\"members\": [\"10.0.0.2\"]}", "cluster.members[0]: must be an address and a port",
                "{\"tls\": false}", "cluster.tls: is not a known key",
                "{\"enabled\": true, \"engine\": \"nats\"}", "cluster.nats.servers: must name at least one server",
                "{\"nats\": {\"servers\": [\"nats://n1:4222\"]}}", "cluster.nats.servers[0]: must be tls://HOST:PORT",
                "{\"nats\": {\"prefix\": \"a.b\"}}", "cluster.nats.prefix: must be 1 to 32 lower-case letters",
                "{\"enabled\": true, \"members\": [\"10.0.0.2:7800\"]}",
                        "cluster.listen: must be an address by which 10.0.0.2:7800 reaches this host");
        for (Map.Entry<String, String> each : refused.entrySet()) {
            Path file = file("{\"cluster\": " + each.getKey() + "}");
            assertThatThrownBy(() -> ConfigLoader.load(file))
                    .as(each.getKey())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(each.getValue());
        }
    }

    @Test
    void cluster_defaults_follow_from_its_address_and_the_ledger() throws Exception {
        AgentConfig config = ConfigLoader.load(
                file("{\"ledger\": {\"dir\": \"/x/ledger\"}, \"cluster\": {\"listen\": \"10.0.0.1:9000\"}}"));
        assertThat(config.cluster().bus()).hasToString("10.0.0.1:7801");
        assertThat(config.cluster().door()).hasToString("10.0.0.1:7802");
        assertThat(config.cluster().dir()).isEqualTo(Path.of("/x/cluster"));
    }

    private void assertRefused(String key, long value) throws IOException {
        Path file = file(with(key, Long.toString(value)));
        assertThatThrownBy(() -> ConfigLoader.load(file)).isInstanceOf(ConfigException.class);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("op-dbus.json"), text);
    }

    private static String with(String key, String value) {
        int dot = key.indexOf('.');
        return dot < 0
                ? "{\"%s\": %s}".formatted(key, value)
                : "{\"%s\": %s}".formatted(key.substring(0, dot), with(key.substring(dot + 1), value));
    }

    /** The table's rows: key to type, default, limits. */
    private static Map<String, List<String>> documented() throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(DOCUMENTATION)) {
            if (line.startsWith("| `")) {
                List<String> cells =
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
                rows.put(cells.get(1).replace("`", ""), cells.subList(2, 5));
            }
        }
        return rows;
    }

    private static void collect(JsonNode node, String path, Map<String, String> values) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> collect(entry.getValue(), join(path, entry.getKey()), values));
        } else {
            values.put(path, node.toString());
        }
    }

    private static void collect(Class<?> section, String path, List<String> keys) {
        for (RecordComponent component : section.getRecordComponents()) {
            String key = join(path, component.getName());
            if (component.getType().isRecord() && component.getType() != ListenAddress.class) {
                collect(component.getType(), key, keys);
            } else {
                keys.add(key);
            }
        }
    }

    private static Object valueOf(Object config, String key) throws ReflectiveOperationException {
        Object value = config;
        for (String step : key.split("\\.", -1)) {
            value = value.getClass().getMethod(step).invoke(value);
        }
        return value;
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
