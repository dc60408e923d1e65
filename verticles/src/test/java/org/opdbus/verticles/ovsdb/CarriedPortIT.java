// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fails when an Open vSwitch is installed that can configure something of a port that a swap would lose. */
class CarriedPortIT {
    @Test
    void every_column_that_the_installed_schema_has_is_carried_over_or_known_not_to_be_configuration()
            throws IOException {
        JsonObject tables = new JsonObject(Files.readString(Path.of("/usr/share/openvswitch/vswitch.ovsschema")))
                .getJsonObject("tables");
        Set<String> notOfPort = Set.of("name", "interfaces", "bond_active_slave");
        assertThat(configuration(tables, "Port")).isEqualTo(union(CarriedPort.PORT_COLUMNS, notOfPort));
        // ovs-vswitchd writes the others of these.
        Set<String> notOfInterface = Set.of("name", "ofport", "error", "cfm_flap_count");
        assertThat(configuration(tables, "Interface")).isEqualTo(union(CarriedPort.INTERFACE_COLUMNS, notOfInterface));
    }

    private static Set<String> configuration(JsonObject tables, String table) {
        JsonObject columns = tables.getJsonObject(table).getJsonObject("columns");
        Set<String> names = new HashSet<>();
        for (String name : columns.fieldNames()) {
            if (!columns.getJsonObject(name).getBoolean("ephemeral", false)) {
                names.add(name);
            }
        }
        return names;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }
}
