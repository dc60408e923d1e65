// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.json.ConfigException.Reason;
import org.opdbus.config.json.Problem;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.LinkName;

final class StateLoaderTest {
    /** The three containers with which the format was introduced, and every key that there is. */
    static final String SAMPLES = """
            {
              "version": 1,
              "plugins": {
                "lxc": {
                  "containers": [
                    {"id": "100", "veth": "vi100", "bridge": "vmbr0", "running": true,
                     "properties": {"network_type": "netmaker"}},
                    {"id": "101", "veth": "vi101", "bridge": "vmbr0", "running": true,
                     "properties": {"network_type": "bridge", "ipv4": "192.168.1.101/24"}},
                    {"id": "102", "veth": "vi102", "bridge": "vmbr0",
                     "properties": {"network_type": "netmaker", "netmaker_token_env": "NETMAKER_TOKEN_PROD"}},
                    {"id": "web-1.a_b", "bridge": "", "running": false, "properties": {
                       "network_type": "bridge", "ipv4": "10.0.0.5/31", "gateway": "10.0.0.4",
                       "template": "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst", "hostname": "web.example",
                       "memory": 512, "swap": 0, "cores": 2, "rootfs": "local-lvm:8", "unprivileged": true,
                       "features": "nesting=1,mount=nfs;cifs", "onboot": true,
                       "nameserver": "127.0.0.1, 2001:db8::1", "searchdomain": "example lan.example"}},
                    {"id": "bare", "properties": {"ipv4": "10.1.1.1/32", "gateway": "10.9.9.9", "vlan": 4094}}
                  ]
                },
                "vm": {"machines": [{"id": "101", "bridge": "vmbr1", "properties": {"vlan": 7}},
                                    {"id": "Windows 10 (test)"}]},
                "docker": {
                  "containers": [
                    {"name": "web", "veth": "webshop", "bridge": "vmbr0", "ifname": "eth0", "mtu": 1400,
                     "properties": {"network_type": "netmaker", "ipv4": "10.0.0.9/24", "gateway": "10.0.0.1",
                                    "vlan": 20, "netmaker_token_env": "NETMAKER_TOKEN_PROD"}},
                    {"name": "db_1.x-y"}
                  ]
                },
                "podman": {"containers": [{"name": "w", "bridge": ""}]}
              }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void what_is_given_is_read_and_what_is_not_stays_absent() throws Exception {
        DesiredState state = StateLoader.load(file(SAMPLES));

        assertThat(state.version()).isEqualTo(1);
        assertThat(state.containers())
                .map(container -> container.id().value())
                .containsExactly(
                        "100",
                        "101",
                        "102",
                        "web-1.a_b",
                        "bare",
                        "docker:web",
                        "docker:db_1.x-y",
                        "podman:w",
                        "vm:101",
                        "vm:Windows 10 (test)");
        DesiredContainer third = state.containers().get(2);
        assertThat(third.veth()).contains(new LinkName("vi102"));
        assertThat(third.running()).isEmpty();
        assertThat(third.shouldRun()).isTrue();
        assertThat(third.properties().networkType()).contains(NetworkType.NETMAKER);
        assertThat(third.properties().netmakerTokenEnv()).contains("NETMAKER_TOKEN_PROD");
        assertThat(third.properties().memory()).isEmpty();
        DesiredContainer fourth = state.containers().get(3);
        assertThat(fourth.bridge()).contains("");
        assertThat(fourth.shouldRun()).isFalse();
        assertThat(fourth.veth()).isEmpty();
        assertThat(fourth.properties().ipv4()).contains(Ipv4Cidr.parse("10.0.0.5/31"));
        assertThat(fourth.properties().swap()).contains(0L);
        assertThat(state.containers().get(4).bridge()).isEmpty();
    }

    @Test
    void entries_of_engines_and_of_machines_say_what_links_are_attached_to() throws Exception {
        DesiredState state = StateLoader.load(file(SAMPLES));
        DesiredContainer web = state.only(Kind.DOCKER).containers().get(0);
        assertThat(web.veth()).contains(new LinkName("webshop"));
        assertThat(web.bridge()).contains("vmbr0");
        assertThat(web.ifname()).contains(new LinkName("eth0"));
        assertThat(web.mtu()).contains(1400L);
        assertThat(web.properties())
                .isEqualTo(ContainerProperties.of(Map.of(
                        "network_type",
                        "netmaker",
                        "ipv4",
                        "10.0.0.9/24",
                        "gateway",
                        "10.0.0.1",
                        "vlan",
                        20L,
                        "netmaker_token_env",
                        "NETMAKER_TOKEN_PROD")));
        assertThat(state.only(Kind.DOCKER).containers().get(1).properties()).isEqualTo(ContainerProperties.none());
        assertThat(state.only(Kind.PODMAN).containers()).singleElement().satisfies(container -> {
            assertThat(container.id()).isEqualTo(Kind.PODMAN.id("w"));
            assertThat(container.bridge()).contains("");
        });
        assertThat(state.only(Kind.VM).containers().get(0).properties().vlan()).contains(7L);
    }

    @Test
    void containers_of_different_plugins_may_have_one_name() throws Exception {
        String text = "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[{\"id\":\"web\"}]},"
                + "\"docker\":{\"containers\":[{\"name\":\"web\"}]},\"vm\":{\"machines\":[{\"id\":\"web\"}]}}}";
        assertThat(StateLoader.load(file(text)).containers()).hasSize(3);
    }

    @Test
    void what_is_written_is_read_back_equal_and_is_written_the_same_again() throws Exception {
        DesiredState state = StateLoader.load(file(SAMPLES));
        String text = StateWriter.write(state);
        assertThat(StateLoader.parse(Path.of("-"), text)).isEqualTo(state);
        assertThat(StateWriter.write(StateLoader.parse(Path.of("-"), text))).isEqualTo(text);
    }

    @Test
    void a_written_file_is_as_a_person_would_write_it() {
        DesiredContainer container = new DesiredContainer(
                new ContainerId("100"),
                Optional.of(new LinkName("vi100")),
                Optional.of("vmbr0"),
                Optional.of(true),
                ContainerProperties.of(Map.of("vlan", 42, "network_type", "bridge")));
        assertThat(StateWriter.write(DesiredState.of(List.of(container)))).isEqualTo("""
                        {
                          "version": 1,
                          "plugins": {
                            "lxc": {
                              "containers": [
                                {
                                  "id": "100",
                                  "veth": "vi100",
                                  "bridge": "vmbr0",
                                  "running": true,
                                  "properties": {
                                    "network_type": "bridge",
                                    "vlan": 42
                                  }
                                }
                              ]
                            }
                          }
                        }
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"version\":1}",
                "{\"version\":1,\"plugins\":{}}",
                "{\"version\":1,\"plugins\":{\"lxc\":{}}}",
                "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[]}}}",
                "\uFEFF{\"version\":1}"
            })
    void a_file_may_want_nothing(String text) throws Exception {
        assertThat(StateLoader.load(file(text)).containers()).isEmpty();
    }

    @Test
    void all_problems_are_reported_together() throws IOException {
        ConfigException refusal = refusal("""
                {"version": 2, "plugins": {"lxc": {"containers": [
                  {"id": 100, "veth": "way-too-long-a-name", "brigde": "vmbr0", "properties": {"memory": "1024"}},
                  {"id": "a", "running": "false", "properties": {"ipv4": "10.0.0.0/24", "gateway": "10.0.1.1"}},
                  {"id": "a", "properties": {"vlan": 4095, "netmaker_token_env": "eyJhbGciOi.J9"}}]}}}
                """);

        assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
        assertThat(refusal.problems())
                .map(Problem::key)
                .containsExactlyInAnyOrder(
                        "/version",
                        "/plugins/lxc/containers/0/id",
                        "/plugins/lxc/containers/0/veth",
                        "/plugins/lxc/containers/0/brigde",
                        "/plugins/lxc/containers/0/properties/memory",
                        "/plugins/lxc/containers/1/running",
                        "/plugins/lxc/containers/1/properties/ipv4",
                        "/plugins/lxc/containers/2/id",
                        "/plugins/lxc/containers/2/properties/vlan",
                        "/plugins/lxc/containers/2/properties/netmaker_token_env");
        assertThat(refusal.getMessage())
                .startsWith(folder.resolve("state.json") + ": 10 problems\n")
                .contains("must be a string, is a whole number; write it in quotes: \"100\"")
                .contains("must be a whole number, is a string; write it without quotes: 1024")
                .contains("must be true or false, is a string; write it without quotes: false")
                .contains("containers/0/brigde: is not a known key; the nearest is /plugins/lxc/containers/0/bridge")
                .doesNotContain("eyJ");
    }

    @Test
    void a_link_to_nowhere_names_where_it_leads() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), folder.resolve("nowhere"));
        ConfigException refusal = refusal(link);
        assertThat(refusal.reason()).isEqualTo(Reason.MISSING);
        assertThat(refusal)
                .hasMessage(link + ": is a symbolic link to " + folder.resolve("nowhere") + ", which does not exist");
        assertThat(refusal(folder.resolve("none"))).hasMessageEndingWith(": there is no such file");
    }

    @Test
    void a_folder_a_huge_and_a_binary_file_are_refused() throws IOException {
        assertThat(refusal(folder)).hasMessageEndingWith("cannot be read: it is a folder");
        assertThat(refusal(Path.of("/dev/zero"))).hasMessageContaining("is larger than 8388608 bytes");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {0x7F, 'E', 'L', 'F', (byte) 0xC3, 0});
        assertThat(refusal(binary)).hasMessageEndingWith("is not UTF-8 text");
    }

    @Test
    void a_file_full_of_mistakes_is_refused_in_reasonable_work() throws IOException {
        String container = "{\"id\": \"-\", \"vethh\": 1, \"properties\": {\"memroy\": 1, \"ip\": 2}},";
        String text = "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[" + container.repeat(20_000) + "{}]}}}";
        ConfigException refusal = refusal(text);
        assertThat(refusal.problems()).hasSize(80_001);
        assertThat(refusal.problems())
                .contains(new Problem(
                        "/plugins/lxc/containers/19999/properties/memroy",
                        "is not a known key; the nearest is /plugins/lxc/containers/19999/properties/memory"));
    }

    @Test
    void records_refuse_what_a_file_may_not_say() {
        assertThatThrownBy(() -> ContainerProperties.of(Map.of("memory", 1L, "nonsense", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memory: must be 16 to 16777216, is 1")
                .hasMessageContaining("nonsense: is not a known key");
        DesiredContainer container = new DesiredContainer(
                new ContainerId("a"), Optional.empty(), Optional.empty(), Optional.empty(), ContainerProperties.none());
        assertThatThrownBy(() -> DesiredState.of(List.of(container, container)))
                .hasMessage("two containers have the same id");
        assertThatThrownBy(() -> new DesiredContainer(
                        new ContainerId("-a"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ContainerProperties.none()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DesiredContainer(
                        new ContainerId("a"),
                        Optional.empty(),
                        Optional.of(""),
                        Optional.empty(),
                        ContainerProperties.of(Map.of("vlan", 1))))
                .hasMessageStartingWith("properties.vlan: needs a bridge");
        assertThatThrownBy(() -> new DesiredContainer(
                        Kind.DOCKER.id("web"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ContainerProperties.of(Map.of("memory", 512))))
                .hasMessage("properties.memory: is no key of an entry of plugin docker");
        assertThatThrownBy(() -> new DesiredContainer(
                        Kind.VM.id("101"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(1500L),
                        ContainerProperties.none()))
                .hasMessage("mtu: is no key of an entry of plugin vm");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("state.json"), text);
    }

    private ConfigException refusal(String text) throws IOException {
        return refusal(file(text));
    }

    private static ConfigException refusal(Path file) {
        return catchThrowableOfType(ConfigException.class, () -> StateLoader.load(file));
    }
}
