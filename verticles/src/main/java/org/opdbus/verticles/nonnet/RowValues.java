// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Bridge;
import org.opdbus.events.Link;
import org.opdbus.events.Port;

/** What stands in the columns of a row about a thing that the sources know. */
final class RowValues {
    private RowValues() {}

    static Map<String, Datum> of(Link link) {
        return Map.of(
                "index", Datum.of(link.index()),
                "name", Datum.of(link.name().value()),
                "alt_names", Datum.of(link.altNames()),
                "kind", Datum.of(link.kind()),
                "mac", Datum.of(link.mac()),
                "peer_index", Datum.ofNumber(unless(0, link.peerIndex())),
                "peer_namespace", Datum.ofNumber(unless(Link.NO_NAMESPACE, link.peerNamespace())),
                "master", Datum.ofNumber(unless(0, link.master())),
                "up", Datum.of(link.up()),
                "carrier", Datum.of(link.carrier()));
    }

    static Map<String, Datum> of(Port port) {
        Map<String, Datum> row = new LinkedHashMap<>();
        row.put("name", Datum.of(port.name()));
        row.put("bridge", Datum.of(port.bridge()));
        row.put("tag", Datum.ofNumber(port.tag()));
        row.put("trunks", Datum.ofNumbers(port.trunks()));
        row.put("vlan_mode", Datum.of(port.vlanMode()));
        row.put("external_ids", Datum.of(port.externalIds()));
        row.put("ofport", Datum.ofNumber(unless(0, port.ofport())));
        row.put("error", Datum.of(port.error()));
        row.put("type", Datum.of(port.interfaceType()));
        return row;
    }

    static Map<String, Datum> of(Bridge bridge) {
        return Map.of("name", Datum.of(bridge.name()), "datapath_type", Datum.of(bridge.datapathType()));
    }

    private static Optional<Integer> unless(int none, int value) {
        return value == none ? Optional.empty() : Optional.of(value);
    }
}
