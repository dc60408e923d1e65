// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.verticles.testing.PrivateOvs;

/** The rows of the tables Port and Interface as ovs-vsctl lists them, complete, by name and column. */
record Rows(Map<String, Map<String, JsonNode>> ports, Map<String, Map<String, JsonNode>> interfaces) {
    /** What ovs-vswitchd writes into rows by itself (ovs-vswitchd.conf.db(5)); all else is configuration. */
    private static final Set<String> STATUS_COLUMNS = Set.of(
            "admin_state",
            "bfd_status",
            "bond_active_slave",
            "cfm_fault",
            "cfm_fault_status",
            "cfm_flap_count",
            "cfm_health",
            "cfm_mpid",
            "cfm_remote_mpids",
            "cfm_remote_opstate",
            "duplex",
            "error",
            "ifindex",
            "ingress_policing_kpkts_burst",
            "link_resets",
            "link_speed",
            "link_state",
            "lacp_current",
            "mac_in_use",
            "mtu",
            "ofport",
            "rstp_statistics",
            "rstp_status",
            "statistics",
            "status");

    private static final ObjectMapper JSON = new ObjectMapper();

    static Rows of(PrivateOvs ovs) {
        String text = ovs.vsctl("--format=json", "list", "Port", "--", "list", "Interface");
        try (var tables = JSON.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return new Rows(byName(tables.next()), byName(tables.next()));
        } catch (IOException e) {
            throw new UncheckedIOException("ovs-vsctl printed " + text, e);
        }
    }

    private static Map<String, Map<String, JsonNode>> byName(JsonNode table) {
        Map<String, Map<String, JsonNode>> rows = new TreeMap<>();
        for (JsonNode data : table.path("data")) {
            Map<String, JsonNode> row = new TreeMap<>();
            int column = 0;
            for (JsonNode heading : table.path("headings")) {
                row.put(heading.asText(), data.path(column++));
            }
            rows.put(row.getOrDefault("name", JSON.nullNode()).asText(), row);
        }
        return rows;
    }

    /** Returns the configuration of a port and its interface, their identifiers included. */
    Map<String, JsonNode> configuredOf(String port) {
        Map<String, JsonNode> all = new TreeMap<>();
        ports.getOrDefault(port, Map.of()).forEach((column, value) -> all.put("Port." + column, value));
        interfaces.getOrDefault(port, Map.of()).forEach((column, value) -> all.put("Interface." + column, value));
        all.keySet().removeIf(column -> STATUS_COLUMNS.contains(column.substring(column.indexOf('.') + 1)));
        return all;
    }

    /** The OpenFlow number; 0 while there is none. */
    int ofport(String port) {
        return interfaces
                .getOrDefault(port, Map.of())
                .getOrDefault("ofport", JSON.nullNode())
                .asInt();
    }

    /** Returns the access VLAN as ovs-vsctl shows it: {@code []} if there is none. */
    String tag(String port) {
        JsonNode tag = ports.getOrDefault(port, Map.of()).getOrDefault("tag", JSON.nullNode());
        return tag.isInt() ? tag.asText() : "[]";
    }

    Map<String, String> externalIds(String port) {
        Map<String, String> ids = new TreeMap<>();
        JsonNode map = ports.getOrDefault(port, Map.of()).getOrDefault("external_ids", JSON.nullNode());
        map.path(1).forEach(pair -> ids.put(pair.path(0).asText(), pair.path(1).asText()));
        return ids;
    }
}
