// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.nonnet.Tables.RowChange;

class TablesTest {
    private final Tables tables = new Tables("here");

    private void put(String name, String datapathType) {
        tables.put(Schema.BRIDGE, name, Map.of("name", Datum.of(name), "datapath_type", Datum.of(datapathType)));
    }

    private TableRow bridge(String name) {
        return tables.row(Schema.BRIDGE, name).orElseThrow();
    }

    @Test
    void a_row_keeps_its_identifier_and_changes_its_version() {
        put("br0", "netdev");
        TableRow before = bridge("br0");
        put("br0", "system");
        TableRow after = bridge("br0");

        assertThat(after.uuid()).isEqualTo(before.uuid());
        assertThat(after.cell("_uuid")).isEqualTo(before.cell("_uuid"));
        assertThat(after.cell("_version")).isNotEqualTo(before.cell("_version"));
    }

    @Test
    void the_same_row_has_the_same_identifier_after_a_restart_and_another_on_another_host() {
        put("br0", "netdev");
        Tables restarted = new Tables("here");
        Tables elsewhere = new Tables("there");
        for (Tables other : List.of(restarted, elsewhere)) {
            other.put(Schema.BRIDGE, "br0", Map.of("name", Datum.of("br0"), "datapath_type", Datum.of("netdev")));
        }

        assertThat(restarted.row(Schema.BRIDGE, "br0").orElseThrow().uuid())
                .isEqualTo(bridge("br0").uuid());
        assertThat(elsewhere.row(Schema.BRIDGE, "br0").orElseThrow().uuid())
                .isNotEqualTo(bridge("br0").uuid());
        assertThat(bridge("br0").uuid().version()).isEqualTo(5);
        assertThat(bridge("br0").uuid().variant()).isEqualTo(2);
    }

    @Test
    void putting_the_same_again_is_no_change() {
        put("br0", "netdev");
        assertThat(tables.commit()).hasSize(1);
        put("br0", "netdev");
        assertThat(tables.commit()).isEmpty();
    }

    @Test
    void several_changes_of_a_row_are_one() {
        put("br0", "netdev");
        tables.commit();
        TableRow before = bridge("br0");
        put("br0", "system");
        put("br0", "other");
        List<RowChange> changes = tables.commit();

        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).before()).contains(before);
        assertThat(changes.get(0).after()).contains(bridge("br0"));
    }

    @Test
    void a_row_that_came_and_went_unseen_is_no_change() {
        put("br0", "netdev");
        tables.delete(Schema.BRIDGE, "br0");
        assertThat(tables.commit()).isEmpty();
    }

    @Test
    void deleting_what_is_not_there_is_no_change() {
        tables.delete(Schema.BRIDGE, "br0");
        assertThat(tables.commit()).isEmpty();
    }

    @Test
    void a_value_of_another_type_than_the_schemas_is_a_bug() {
        Map<String, Datum> wrong = Map.of("name", Datum.of("br0"), "datapath_type", Datum.of(3));
        assertThatThrownBy(() -> tables.put(Schema.BRIDGE, "br0", wrong)).isInstanceOf(IllegalStateException.class);
        Map<String, Datum> missing = Map.of("name", Datum.of("br0"));
        assertThatThrownBy(() -> tables.put(Schema.BRIDGE, "br0", missing)).isInstanceOf(IllegalStateException.class);
    }
}
