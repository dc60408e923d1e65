// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.introspect.SwitchRows.BridgeRow;
import org.opdbus.verticles.introspect.SwitchRows.Controller;
import org.opdbus.verticles.introspect.SwitchRows.Mirror;

class SwitchRowsTest {
    private static final String RESULTS = """
            [{"rows":[{"name":"br0","fail_mode":"secure","controller":["uuid","c1"],"mirrors":["set",[["uuid","m1"]]]},
                      {"name":"br1","fail_mode":["set",[]],"controller":["set",[]],"mirrors":["set",[]]}]},
             {"rows":[{"_uuid":["uuid","m1"],"name":"spy","select_all":false,"select_src_port":["uuid","p1"],
                       "select_dst_port":["set",[["uuid","p2"],["uuid","p1"]]],"select_vlan":["set",[7,9]],
                       "output_port":["uuid","p3"],"output_vlan":["set",[]]}]},
             {"rows":[{"_uuid":["uuid","c1"],"target":"tcp:192.0.2.1","is_connected":true,"role":"master"}]},
             {"rows":[{"name":"tap0","external_ids":["map",[["vm-id","4"],["attached-mac","02:00:00:00:00:01"]]]}]}]
            """;

    @Test
    void mirrors_and_controllers_are_found_from_their_bridges() {
        SwitchRows rows = SwitchRows.of(RESULTS);

        assertThat(rows.bridges())
                .isEqualTo(Map.of(
                        "br0",
                        new BridgeRow(
                                Optional.of("secure"),
                                List.of(new Controller("tcp:192.0.2.1", true, Optional.of("master"))),
                                List.of(new Mirror(
                                        "spy",
                                        false,
                                        List.of("p1"),
                                        List.of("p1", "p2"),
                                        List.of("7", "9"),
                                        Optional.of("p3"),
                                        Optional.empty()))),
                        "br1",
                        new BridgeRow(Optional.empty(), List.of(), List.of())));
        assertThat(rows.interfaceIds())
                .isEqualTo(Map.of("tap0", Map.of("vm-id", "4", "attached-mac", "02:00:00:00:00:01")));
    }

    @Test
    void an_answer_that_is_something_else_is_refused() {
        for (String answer : List.of(
                "[]",
                "{}",
                "[1]",
                "nonsense",
                "[{\"error\":\"resources exhausted\"},null,null,null]",
                RESULTS.replace("[\"map\",[[\"vm-id\"", "[\"map\",[1,[\"vm-id\""),
                RESULTS.replace("\"select_all\":false", "\"select_all\":[]"))) {
            assertThatIllegalArgumentException().as(answer).isThrownBy(() -> SwitchRows.of(answer));
        }
    }
}
