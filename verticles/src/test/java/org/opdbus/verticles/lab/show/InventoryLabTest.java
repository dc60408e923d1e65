// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.KnownLab.Endpoint;
import org.opdbus.verticles.inventory.KnownLab.Lan;
import org.opdbus.verticles.inventory.KnownLab.Place;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.plan.LabStatus;

class InventoryLabTest {
    private static final LabPicture NOTHING = new LabPicture(false, Map.of(), Map.of(), Map.of());

    private static LabDefinition definition() {
        LabEndpoint spied = new LabEndpoint(
                0, true, "02:00:00:00:00:01", Optional.of(new LabEndpoint.Place("lan01", 7, List.of(8, 9))));
        LabEndpoint free = new LabEndpoint(1, false, "02:00:00:00:00:02", Optional.empty());
        LabEndpoint other = new LabEndpoint(
                0, false, "02:00:00:00:00:03", Optional.of(new LabEndpoint.Place("lan01", 0, List.of())));
        LabMachine kvm = new LabMachine.Kvm(64, 1, Optional.of("/image"), Optional.empty(), Optional.empty(), "");
        return new LabDefinition(
                "net",
                new TreeMap<>(Map.of(
                        "a", new LabItem("a", 1, kvm, List.of(spied, free)),
                        "b", new LabItem("b", 2, new LabMachine.Tap(), List.of(other)))),
                2);
    }

    private static KnownLab only(LabStatus status) {
        List<KnownLab> labs = InventoryLab.of(List.of(status));
        assertThat(labs).hasSize(1);
        return labs.get(0);
    }

    @Test
    void what_is_there_is_shown_beside_what_the_definition_says() {
        LabPicture picture = new LabPicture(
                true,
                Map.of(),
                Map.of(
                        "_b_lan01",
                        new LanBridge(
                                "_b_lan01",
                                Map.of("_k_1_0", new LanPort("_k_1_0", 7, List.of(8, 9), 3, "")),
                                Map.of())),
                Map.of("a", MachineState.RUNNING));
        KnownLab lab = only(new LabStatus(definition(), true, false, picture, Map.of("b", "it does not run")));

        assertThat(lab.name()).isEqualTo("net");
        assertThat(lab.namespace()).isEqualTo("cloonix_net");
        assertThat(lab.running()).isTrue();
        assertThat(lab.settled()).isFalse();
        assertThat(lab.items()).isEqualTo(2);
        assertThat(lab.lans()).containsExactly(new Lan("lan01", "_b_lan01", true, 2, 1));
        assertThat(lab.endpoints())
                .containsExactly(
                        new Endpoint(
                                "_k_1_0",
                                "a",
                                "kvm",
                                "running",
                                0,
                                true,
                                "02:00:00:00:00:01",
                                Optional.of(new Place("lan01", 7, List.of(8, 9))),
                                3,
                                ""),
                        new Endpoint(
                                "_k_1_1",
                                "a",
                                "kvm",
                                "running",
                                1,
                                false,
                                "02:00:00:00:00:02",
                                Optional.empty(),
                                0,
                                ""),
                        new Endpoint(
                                "_k_2_0",
                                "b",
                                "tap",
                                "absent",
                                0,
                                false,
                                "02:00:00:00:00:03",
                                Optional.of(new Place("lan01", 0, List.of())),
                                0,
                                "it does not run"));
        assertThat(lab.endpoints()).extracting(Endpoint::isLive).containsExactly(true, false, false);
    }

    @Test
    void counters_are_those_of_the_endpoints_of_the_definition() {
        LabStatus status = new LabStatus(definition(), true, true, NOTHING, Map.of());
        JsonArray endpoints = LabStatusJson.counters(
                        status, Map.of("_k_1_0", Map.of("sent_packets", 3L), "_k_9_0", Map.of("sent_packets", 4L)))
                .getJsonArray("endpoints");

        assertThat(endpoints).hasSize(3);
        assertThat(endpoints.getJsonObject(0)).isEqualTo(new JsonObject("""
                        {"port":"_k_1_0","item":"a","number":0,"lan":"lan01","counters":{"sent_packets":3}}"""));
        assertThat(endpoints.getJsonObject(1)).isEqualTo(new JsonObject("""
                        {"port":"_k_1_1","item":"a","number":1,"counters":{}}"""));
    }

    @Test
    void a_lab_that_does_not_run_shows_its_definition() {
        KnownLab lab = only(new LabStatus(definition(), false, true, NOTHING, Map.of()));

        assertThat(lab.running()).isFalse();
        assertThat(lab.lans()).containsExactly(new Lan("lan01", "_b_lan01", false, 2, 1));
        assertThat(lab.endpoints()).hasSize(3).noneMatch(Endpoint::isLive);
    }
}
