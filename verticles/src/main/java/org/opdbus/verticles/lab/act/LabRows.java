// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.act;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.LabPicture.LanMirror;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;

/** The rows that the monitor told (RFC 7047 section 4.1.6), as bridges. Immutable but for {@link #fold}, which makes a copy. */
final class LabRows {
    /** What the monitor of the lab's database is asked for. */
    static final JsonObject REQUEST = new JsonObject()
            .put("Open_vSwitch", columns("bridges"))
            .put("Bridge", columns("name", "ports", "mirrors"))
            .put("Port", columns("name", "interfaces", "tag", "trunks", "vlan_mode"))
            .put("Interface", columns("name", "ofport", "error", "ifindex"))
            .put("Mirror", columns("name", "select_all", "select_src_port", "select_dst_port", "output_port"));

    static final LabRows NONE = new LabRows(Map.of());
    /** A tag that no endpoint wants, for a port whose VLANs mean something else than its tag and trunks say. */
    private static final int OTHER_TAG = -1;

    private static final String NATIVE = "native-untagged";

    private final Map<String, Map<String, JsonObject>> tables;

    private LabRows(Map<String, Map<String, JsonObject>> tables) {
        this.tables = tables;
    }

    private static JsonObject columns(String... names) {
        return new JsonObject().put("columns", new JsonArray(List.of((Object[]) names)));
    }

    /** Returns the rows after an update of the monitor. */
    LabRows fold(JsonObject update) {
        Map<String, Map<String, JsonObject>> next = new HashMap<>(tables);
        for (String table : update.fieldNames()) {
            Map<String, JsonObject> rows = new HashMap<>(next.getOrDefault(table, Map.of()));
            JsonObject changes = update.getJsonObject(table);
            for (String uuid : changes.fieldNames()) {
                JsonObject row = changes.getJsonObject(uuid).getJsonObject("new");
                if (row == null) {
                    rows.remove(uuid);
                } else {
                    rows.put(uuid, row);
                }
            }
            next.put(table, rows);
        }
        return new LabRows(next);
    }

    /** Returns whether the root row is there, without which no bridge can be. */
    boolean hasRoot() {
        return !table("Open_vSwitch").isEmpty();
    }

    /** Returns the identifier of the row of a table that has this name. */
    @Nullable String uuid(String table, String name) {
        for (Map.Entry<String, JsonObject> row : table(table).entrySet()) {
            if (name.equals(row.getValue().getString("name"))) {
                return row.getKey();
            }
        }
        return null;
    }

    /**
     * Returns the bridges.
     *
     * @param indices the indices of the links by name: a port whose link was made anew is one that failed
     */
    Map<String, LanBridge> bridges(Map<String, Integer> indices) {
        Map<String, LanBridge> bridges = new HashMap<>();
        for (JsonObject row : table("Bridge").values()) {
            Map<String, LanPort> ports = new HashMap<>();
            for (String uuid : uuids(row, "ports")) {
                JsonObject port = table("Port").get(uuid);
                if (port != null) {
                    ports.put(port.getString("name"), port(port, indices));
                }
            }
            Map<String, LanMirror> mirrors = new HashMap<>();
            for (String uuid : uuids(row, "mirrors")) {
                JsonObject mirror = table("Mirror").get(uuid);
                if (mirror != null) {
                    mirrors.put(mirror.getString("name"), mirror(mirror));
                }
            }
            String name = row.getString("name");
            bridges.put(name, new LanBridge(name, ports, mirrors));
        }
        return bridges;
    }

    private LanPort port(JsonObject row, Map<String, Integer> indices) {
        String name = row.getString("name");
        List<Integer> trunks = numbers(row.getValue("trunks"));
        List<Integer> tags = numbers(row.getValue("tag"));
        int tag = tags.isEmpty() ? 0 : tags.get(0);
        String mode = words(row.getValue("vlan_mode"));
        String plain = vlanMode(tag, trunks);
        int shown = mode.equals(plain) ? tag : OTHER_TAG;
        for (String uuid : uuids(row, "interfaces")) {
            JsonObject link = table("Interface").get(uuid);
            if (link != null) {
                List<Integer> numbers = numbers(link.getValue("ofport"));
                List<Integer> index = numbers(link.getValue("ifindex"));
                Integer now = indices.get(name);
                if (now != null && !index.isEmpty() && index.get(0) > 0 && !now.equals(index.get(0))) {
                    return new LanPort(name, shown, trunks, -1, "the link was made anew");
                }
                return new LanPort(
                        name, shown, trunks, numbers.isEmpty() ? 0 : numbers.get(0), words(link.getValue("error")));
            }
        }
        return new LanPort(name, shown, trunks, 0, "");
    }

    /** The {@code vlan_mode} that a port needs: without one, a port with a tag carries no other VLAN. */
    static String vlanMode(int tag, List<Integer> trunks) {
        return tag > 0 && !trunks.isEmpty() ? NATIVE : "";
    }

    private LanMirror mirror(JsonObject row) {
        Set<String> sources = uuids(row, "select_src_port");
        Set<String> destinations = uuids(row, "select_dst_port");
        boolean one =
                sources.size() == 1 && sources.equals(destinations) && !Boolean.TRUE.equals(row.getValue("select_all"));
        Set<String> output = uuids(row, "output_port");
        return new LanMirror(
                row.getString("name"), one ? portName(sources) : "", output.isEmpty() ? "" : portName(output));
    }

    private String portName(Set<String> uuids) {
        JsonObject port = table("Port").get(uuids.iterator().next());
        return port == null ? "" : port.getString("name");
    }

    private Map<String, JsonObject> table(String name) {
        return tables.getOrDefault(name, Map.of());
    }

    private static Set<String> uuids(JsonObject row, String column) {
        return new TreeSet<>(OvsdbValue.texts(row, column));
    }

    private static List<Integer> numbers(@Nullable Object value) {
        return OvsdbValue.atoms(value).stream()
                .map(atom -> ((Number) atom).intValue())
                .toList();
    }

    private static String words(@Nullable Object value) {
        List<Object> atoms = OvsdbValue.atoms(value);
        return atoms.isEmpty() ? "" : String.valueOf(atoms.get(0));
    }
}
