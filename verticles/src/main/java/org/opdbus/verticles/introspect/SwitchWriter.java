// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.opdbus.events.Port;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedBridge;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedContainer;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedPort;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.KnownContainer;

/** Writes the part of a document about Open vSwitch and containers. */
final class SwitchWriter {
    private final JsonFields fields;
    private final JsonGenerator json;

    SwitchWriter(JsonFields fields, JsonGenerator json) {
        this.fields = fields;
        this.json = json;
    }

    void bridge(OwnedBridge bridge) throws IOException {
        fields.text("name", bridge.name());
        fields.text("datapath", bridge.datapath());
        fields.text("failMode", bridge.failMode());
        fields.objects("controllers", bridge.controllers(), controller -> {
            fields.text("target", controller.target());
            fields.flag("connected", controller.isConnected());
            fields.text("role", controller.role());
        });
        fields.objects("mirrors", bridge.mirrors(), this::mirror);
        fields.objects("ports", bridge.ports(), this::port);
        fields.owners(bridge.owners());
    }

    private void mirror(SwitchRows.Mirror mirror) throws IOException {
        fields.text("name", mirror.name());
        fields.flag("all", mirror.selectsAll());
        fields.texts("sourcePorts", mirror.sourcePorts());
        fields.texts("destinationPorts", mirror.destinationPorts());
        numbers("vlans", mirror.vlans().stream().map(Integer::valueOf).toList());
        fields.text("outputPort", mirror.outputPort());
        fields.number("outputVlan", mirror.outputVlan().map(Integer::valueOf));
    }

    private void port(OwnedPort owned) throws IOException {
        Port port = owned.port();
        fields.text("name", port.name());
        fields.textIfAny("type", port.interfaceType());
        fields.number("ofport", port.ofport());
        fields.number("tag", port.tag());
        numbers("trunks", new TreeSet<>(port.trunks()));
        fields.text("vlanMode", port.vlanMode());
        fields.text("error", port.error());
        json.writeObjectFieldStart("externalIds");
        for (Map.Entry<String, String> pair : new TreeMap<>(port.externalIds()).entrySet()) {
            fields.text(pair.getKey(), pair.getValue());
        }
        json.writeEndObject();
        fields.owners(owned.owners());
    }

    private void numbers(String key, Iterable<Integer> values) throws IOException {
        json.writeArrayFieldStart(key);
        for (int value : values) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }

    void container(OwnedContainer owned) throws IOException {
        KnownContainer container = owned.container();
        fields.text("id", container.id().value());
        fields.text("kind", container.kind().name().toLowerCase(Locale.ROOT));
        fields.text("name", container.name());
        fields.flag("running", container.status().running());
        fields.text("state", container.state());
        fields.text("reason", container.reason());
        fields.objects("links", container.status().links(), this::link);
        fields.owners(owned.owners());
    }

    private void link(LinkStatus link) throws IOException {
        fields.number("index", link.index());
        fields.text("name", link.name());
        fields.text("bridge", link.bridge());
        fields.number("vlan", link.vlan());
        fields.number("ofport", link.ofport());
    }
}
