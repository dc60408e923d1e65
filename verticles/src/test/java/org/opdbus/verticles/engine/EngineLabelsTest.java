// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opdbus.events.Workload.Asked;

final class EngineLabelsTest {
    private static Asked read(String... labels) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return EngineLabels.read(map, "web", "busybox");
    }

    @Test
    void without_labels_of_ours_nothing_is_asked() {
        assertThat(read("maintainer", "x", "opdbus", "y", "xopdbus.vlan", "5")).isEqualTo(Asked.NOTHING);
    }

    @Test
    void each_label_is_read() {
        Asked asked = read(
                "opdbus.bridge", "br0",
                "opdbus.vlan", "4094",
                "opdbus.ipv4", "10.1.2.3/24",
                "opdbus.gateway", "10.1.2.1",
                "opdbus.mtu", "68",
                "opdbus.ifname", "net0",
                "opdbus.network_type", "netmaker");
        assertThat(asked.faults()).isEmpty();
        assertThat(asked.isAttachment()).isTrue();
        assertThat(asked.bridge()).contains("br0");
        assertThat(asked.vlan()).contains(4094);
        assertThat(asked.address().orElseThrow().cidr()).isEqualTo("10.1.2.3/24");
        assertThat(asked.address().orElseThrow().gateway().orElseThrow().getHostAddress())
                .isEqualTo("10.1.2.1");
        assertThat(asked.mtu()).contains(68);
        assertThat(asked.networkType()).contains("netmaker");
    }

    @Test
    void a_container_that_a_lab_made_asks_for_nothing_whatever_the_labels_of_its_image_say() {
        Asked asked = read(
                "opdbus.lab", "nemo",
                "opdbus.lab.item", "web",
                "opdbus.bridge", "br0",
                "opdbus.vlan", "no");
        assertThat(asked).isEqualTo(Asked.byLab("nemo", Optional.empty()));
        assertThat(asked.isAttachment()).isFalse();
        assertThat(read("opdbus.lab", "x".repeat(65)).lab()).contains("x".repeat(64) + "…");
    }

    @ParameterizedTest
    @CsvSource({
        "bridge, a/b",
        "bridge, a name that is too long",
        "bridge, ''",
        "vlan, 0",
        "vlan, 4095",
        "vlan, 05",
        "vlan, -1",
        "vlan, ٤٢",
        "vlan, 99999999999999999999",
        "ipv4, 10.0.0.1",
        "ipv4, 10.0.0.0/24",
        "ipv4, 010.0.0.1/24",
        "mtu, 67",
        "mtu, 65536",
        "ifname, lo",
        "ifname, a:b",
        "network_type, BRIDGE",
        "vlam, 5"
    })
    void what_cannot_be_understood_is_left_out_and_said(String key, String value) {
        Asked asked =
                read("opdbus." + key, value, "opdbus.network_type", key.equals("network_type") ? value : "bridge");
        assertThat(asked.faults())
                .singleElement()
                .asString()
                .contains("opdbus." + (key.equals("vlam") ? "\"vlam\"" : key));
        assertThat(asked.bridge().isPresent()
                        || asked.vlan().isPresent()
                        || asked.address().isPresent()
                        || asked.mtu().isPresent()
                        || asked.ifname().isPresent())
                .isFalse();
    }

    @Test
    void a_gateway_needs_an_address_that_reaches_it() {
        assertThat(read("opdbus.gateway", "10.0.0.1").faults())
                .singleElement()
                .asString()
                .contains("needs ipv4");
        assertThat(read("opdbus.ipv4", "10.0.0.2/24", "opdbus.gateway", "10.9.0.1")
                        .faults())
                .hasSize(1);
    }

    @Test
    void faults_are_few_and_short_whatever_the_labels_hold() {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            labels.put("opdbus." + "x".repeat(5000) + i, "y".repeat(5000));
        }
        labels.put("opdbus.bridge", "b".repeat(100_000));
        labels.put("opdbus.ipv4", "1".repeat(100_000));
        Asked asked = EngineLabels.read(labels, "n", "i");
        assertThat(asked.faults()).hasSizeLessThan(25).allMatch(fault -> fault.length() < 400);
    }

    @ParameterizedTest
    @CsvSource({
        "gravitl/netmaker:v0.30, core, server",
        "gravitl/netmaker-ui:v0.30, dash, ui",
        "docker.io/gravitl/netclient:latest, x, client",
        "gravitl/netmaker-exporter, x, exporter",
        "busybox, netmaker-egress-1, egress",
        "busybox, nm-ingress, ingress",
        "busybox, my-netmaker, server"
    })
    void netmakers_own_containers_are_recognised_by_image_or_name(String image, String name, String role) {
        assertThat(EngineLabels.read(Map.of(), name, image).role()).contains(role);
    }

    @Test
    void netmakers_own_containers_are_recognised_by_label_or_compose_file() {
        assertThat(read("netmaker.role", "Egress").role()).contains("egress");
        assertThat(read("com.docker.compose.service", "netmaker-ui", "com.docker.compose.project", "netmaker")
                        .role())
                .contains("ui");
        assertThat(read("com.docker.compose.service", "netmaker", "x", "netmaker")
                        .role())
                .contains("server");
        assertThat(read("com.docker.compose.service", "db", "com.docker.compose.project", "shop")
                        .role())
                .isEmpty();
        assertThat(read("netmaker.role", "\u001b[2J").role()).contains("server");
        assertThat(EngineLabels.read(Map.of(), "farnm-1", "busybox").role()).isEmpty();
        assertThat(EngineLabels.read(Map.of(), "web", "nginx").role()).isEmpty();
    }
}
