// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Bridge;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeChanged;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;

class OvsdbCacheTest {
    private static final String LISTING = """
            {"Bridge": {"b0": {"initial": {"name": "br0", "ports": ["uuid","p0"], "mirrors": ["uuid","m0"]}},
                        "b1": {"initial": {"name": "br1", "datapath_type": "netdev"}}},
             "Port": {"p0": {"initial": {"name": "vi100", "interfaces": ["uuid","i0"], "tag": 42,
                      "trunks": ["set",[1,2]], "external_ids": ["map",[["k","v"]]]}}},
             "Interface": {"i0": {"initial": {"name": "vi100", "ofport": 3}}},
             "Mirror": {"m0": {"initial": {"name": "m", "select_src_port": ["set",[["uuid","p0"],["uuid","p9"]]]}}},
             "Open_vSwitch": {"o": {"initial": {"cur_cfg": 5, "next_cfg": 6}}}}
            """;
    private static final Port VI100 = new Port(
            "p0",
            "vi100",
            "br0",
            Optional.of(42),
            Set.of(1, 2),
            Optional.empty(),
            Map.of("k", "v"),
            "",
            3,
            Optional.empty());

    private final OvsdbCache picture = OvsdbCache.of(new JsonObject(LISTING));

    @Test
    void a_listing_is_published_from_the_bottom_up() {
        List<PortEvent> events = picture.differencesFrom(new OvsdbCache());
        assertThat(events.subList(0, 2))
                .containsExactlyInAnyOrder(
                        new BridgeAdded(new Bridge("br0", "")), new BridgeAdded(new Bridge("br1", "netdev")));
        assertThat(events.subList(2, events.size())).containsExactly(new PortAdded(VI100));
        assertThat(picture.size()).isEqualTo(3);
        assertThat(picture.openVSwitch().optionalInt("cur_cfg")).contains(5);
        assertThat(picture.mirrorsOf("p0")).containsExactly("m");
    }

    @Test
    void the_same_listing_again_is_no_news_and_an_empty_one_ends_everything() {
        assertThat(OvsdbCache.of(new JsonObject(LISTING)).differencesFrom(picture))
                .isEmpty();
        List<PortEvent> events = new OvsdbCache().differencesFrom(picture);
        assertThat(events.get(0)).isEqualTo(new PortRemoved(VI100));
        assertThat(events.subList(1, 3)).allMatch(event -> event instanceof BridgeRemoved);
    }

    @Test
    void a_port_is_added_before_its_number_is_known() {
        List<PortEvent> added = apply("""
                {"Interface": {"i1": {"insert": {"name": "vi101"}}},
                 "Port": {"p1": {"insert": {"name": "vi101", "interfaces": ["uuid","i1"]}}},
                 "Bridge": {"b0": {"modify": {"ports": ["uuid","p1"]}}}}
                """);
        Port before = port("p1", "vi101", "br0", 0, Optional.empty());
        assertThat(added).containsExactly(new PortAdded(before));

        assertThat(apply("{\"Interface\": {\"i1\": {\"modify\": {\"ofport\": 4}}}}"))
                .containsExactly(new PortChanged(before, port("p1", "vi101", "br0", 4, Optional.empty())));
        assertThat(apply("{\"Interface\": {\"i1\": {\"modify\": {\"ofport\": -1, \"error\": \"gone\"}}}}"))
                .containsExactly(new PortChanged(
                        port("p1", "vi101", "br0", 4, Optional.empty()),
                        port("p1", "vi101", "br0", -1, Optional.of("gone"))));
        assertThat(apply(
                        "{\"Interface\": {\"i1\": {\"modify\": {\"ofport\": [\"set\",[]], \"error\": [\"set\",[]]}}}}"))
                .containsExactly(new PortChanged(port("p1", "vi101", "br0", -1, Optional.of("gone")), before));
    }

    @Test
    void sets_and_maps_change_by_their_differences() {
        List<PortEvent> events = apply("""
                {"Port": {"p0": {"modify": {"trunks": ["set",[2,3]], "tag": ["set",[]], "vlan_mode": "trunk",
                    "external_ids": ["map",[["k","w"],["new","1"]]]}}}}
                """);
        Port after = ((PortChanged) events.get(0)).port();
        assertThat(after.trunks()).containsExactlyInAnyOrder(1, 3);
        assertThat(after.tag()).isEmpty();
        assertThat(after.vlanMode()).contains("trunk");
        assertThat(after.externalIds()).isEqualTo(Map.of("k", "w", "new", "1"));

        events = apply("{\"Port\": {\"p0\": {\"modify\": {\"external_ids\": [\"map\",[[\"k\",\"w\"]]]}}}}");
        assertThat(((PortChanged) events.get(0)).port().externalIds()).isEqualTo(Map.of("new", "1"));
    }

    @Test
    void a_port_that_moves_is_changed_in_whichever_order_the_bridges_tell_it() {
        for (List<String> bridges : List.of(List.of("b0", "b1"), List.of("b1", "b0"))) {
            OvsdbCache fresh = OvsdbCache.of(new JsonObject(LISTING));
            List<PortEvent> events = fresh.apply(new JsonObject("""
                    {"Bridge": {"%s": {"modify": {"ports": ["uuid","p0"]}}, "%s": {"modify": {"ports": ["uuid","p0"]}}}}
                    """.formatted(bridges.get(0), bridges.get(1))));
            assertThat(events).hasSize(1);
            assertThat(((PortChanged) events.get(0)).port().bridge()).isEqualTo("br1");
        }
    }

    @Test
    void removed_ports_and_bridges_are_published_from_the_top_down() {
        assertThat(apply("""
                        {"Bridge": {"b0": {"delete": null}}, "Port": {"p0": {"delete": null}},
                         "Interface": {"i0": {"delete": null}}}
                        """)).containsExactly(new PortRemoved(VI100), new BridgeRemoved(new Bridge("br0", "")));
        assertThat(picture.size()).isEqualTo(1);
    }

    @Test
    void what_no_fact_shows_is_no_news() {
        assertThat(apply("{\"Open_vSwitch\": {\"o\": {\"modify\": {\"cur_cfg\": 6}}}}"))
                .isEmpty();
        assertThat(apply("{\"Interface\": {\"i0\": {\"modify\": {\"ofport\": 3}}}}"))
                .isEmpty();
        assertThat(apply("{\"Manager\": {\"x\": {\"insert\": {\"target\": \"y\"}}}}"))
                .isEmpty();
        assertThat(apply("{\"Bridge\": {\"b0\": {\"modify\": {\"datapath_type\": \"netdev\"}}}}"))
                .containsExactly(new BridgeChanged(new Bridge("br0", ""), new Bridge("br0", "netdev")));
    }

    private List<PortEvent> apply(String tables) {
        return picture.apply(new JsonObject(tables));
    }

    private static Port port(String uuid, String name, String bridge, int ofport, Optional<String> error) {
        return new Port(uuid, name, bridge, Optional.empty(), Set.of(), Optional.empty(), Map.of(), "", ofport, error);
    }
}
