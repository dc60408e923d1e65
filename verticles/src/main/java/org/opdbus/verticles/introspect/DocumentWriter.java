// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedAddress;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedLink;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedRoute;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedRule;
import org.opdbus.verticles.introspect.NetworkDocument.Resolver;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;

/**
 * Writes a document as JSON, piece by piece. docs/INTROSPECT.md lists the keys, and a test checks the output against the
 * published schema. Names and texts are written as they are; the reader escapes them where a person reads them.
 */
public final class DocumentWriter {
    /** The version of the format: a key may be added in it, but none may go or change its meaning. */
    public static final int VERSION = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private final NetworkDocument document;
    private final JsonGenerator json;
    private final JsonFields fields;

    private DocumentWriter(NetworkDocument document, JsonGenerator json) {
        this.document = document;
        this.json = json;
        fields = new JsonFields(json);
    }

    /** Writes the document in UTF-8, without blanks; does not close the stream. */
    public static void write(NetworkDocument document, OutputStream to) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(to).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            new DocumentWriter(document, json).write();
        }
    }

    /**
     * Returns the document in UTF-8; empty if it has more bytes than the limit.
     *
     * @param bytesMax the limit
     */
    static Optional<byte[]> bytes(NetworkDocument document, int bytesMax) {
        LimitedBytes bytes = new LimitedBytes(bytesMax);
        try {
            write(document, bytes);
            return Optional.of(bytes.toByteArray());
        } catch (LimitedBytes.TooLongException tooLong) {
            return Optional.empty();
        } catch (IOException impossible) {
            throw new IllegalStateException("a document can always be written to memory", impossible);
        }
    }

    private void write() throws IOException {
        json.writeStartObject();
        fields.number("version", VERSION);
        fields.text("host", document.host());
        fields.text("time", document.time().truncatedTo(ChronoUnit.MILLIS).toString());
        fields.objects("links", document.links(), this::link);
        fields.objects("routes", document.routes(), this::route);
        fields.objects("rules", document.rules(), this::rule);
        json.writeObjectFieldStart("resolver");
        resolver(document.resolver());
        json.writeEndObject();
        SwitchWriter switches = new SwitchWriter(fields, json);
        fields.objects("bridges", document.bridges(), switches::bridge);
        fields.objects("containers", document.containers(), switches::container);
        json.writeObjectFieldStart("leftOut");
        for (var kind : new TreeMap<>(document.leftOut()).entrySet()) {
            fields.number(kind.getKey(), kind.getValue());
        }
        json.writeEndObject();
        fields.texts("troubles", document.troubles());
        json.writeEndObject();
    }

    private void link(OwnedLink owned) throws IOException {
        ListedLink link = owned.link();
        fields.number("index", link.index());
        fields.text("name", link.name());
        fields.texts("altNames", link.altNames());
        fields.textIfAny("alias", link.alias());
        fields.textIfAny("kind", link.kind());
        fields.text("hardware", KernelWords.hardware(link.hardware()));
        fields.text("mac", link.mac());
        fields.text("permanentMac", link.permanentMac());
        fields.number("mtu", link.mtu());
        fields.flag("up", link.isUp());
        fields.flag("carrier", link.hasCarrier());
        fields.text("state", KernelWords.operState(link.operState()));
        fields.number("speedMbps", owned.speed().speedMbps());
        fields.text("duplex", owned.speed().duplex());
        fields.textIfAny("device", link.parentDevice());
        if (link.master() > 0) {
            fields.text("master", name(link.master()));
        }
        fields.text("bridge", owned.bridge());
        lower(link);
        fields.number("vlan", link.vlan());
        fields.text("container", owned.container());
        fields.objects("addresses", owned.addresses(), this::address);
        fields.owners(owned.owners());
    }

    /** The link below, or the other end of a pair. Its index has a meaning only in its own namespace. */
    private void lower(ListedLink link) throws IOException {
        if (link.lower() == 0
                || (link.lower() == link.index() && link.lowerNamespace().isEmpty())) {
            return;
        }
        json.writeObjectFieldStart(link.kind().equals("veth") ? "peer" : "lower");
        fields.number("index", link.lower());
        if (link.lowerNamespace().isPresent()) {
            fields.number("namespace", link.lowerNamespace());
        } else {
            fields.text("name", name(link.lower()));
        }
        json.writeEndObject();
    }

    private void address(OwnedAddress owned) throws IOException {
        ListedAddress address = owned.address();
        fields.text("family", family(address.family()));
        fields.text("address", address.address());
        fields.number("prefix", address.prefix());
        fields.text("peer", address.peer());
        fields.text("broadcast", address.broadcast());
        fields.textIfAny("label", address.label());
        fields.text("scope", KernelWords.scope(address.scope()));
        fields.texts("flags", KernelWords.addressFlags(address.flags()));
        if (address.protocol() != 0) {
            fields.text("protocol", KernelWords.addressProtocol(address.protocol()));
        }
        fields.number("validS", address.validS());
        fields.number("preferredS", address.preferredS());
        fields.owners(owned.owners());
    }

    private void route(OwnedRoute owned) throws IOException {
        ListedRoute route = owned.route();
        fields.text("family", family(route.family()));
        fields.number("table", route.table());
        fields.textIfAny("tableName", KernelWords.tableName(route.table()));
        fields.text("destination", route.destination());
        fields.text("source", route.source());
        fields.text("type", KernelWords.routeType(route.type()));
        fields.text("scope", KernelWords.scope(route.scope()));
        fields.text("protocol", KernelWords.routeProtocol(route.protocol()));
        fields.number("metric", route.metric());
        fields.text("preferredSource", route.preferredSource());
        fields.numberIfAny("tos", route.tos());
        fields.number("mtu", route.mtu());
        fields.number("expiresS", route.expiresS());
        fields.objects("nextHops", route.nextHops(), hop -> {
            if (hop.index() > 0) {
                fields.text("link", name(hop.index()));
            }
            fields.text("gateway", hop.gateway());
            fields.number("weight", hop.weight());
            fields.textsIfAny("flags", KernelWords.hopFlags(hop.flags()));
        });
        fields.owners(owned.owners());
    }

    private void rule(OwnedRule owned) throws IOException {
        ListedRule rule = owned.rule();
        fields.text("family", family(rule.family()));
        fields.number("priority", rule.priority());
        fields.flag("not", rule.isInverted());
        fields.text("source", rule.source());
        fields.text("destination", rule.destination());
        fields.textIfAny("inputLink", rule.inputLink());
        fields.textIfAny("outputLink", rule.outputLink());
        fields.text("mark", rule.mark());
        fields.numberIfAny("tos", rule.tos());
        fields.number("ipProtocol", rule.ipProtocol());
        fields.text("sourcePorts", rule.sourcePorts());
        fields.text("destinationPorts", rule.destinationPorts());
        fields.text("users", rule.users());
        fields.text("action", KernelWords.action(rule.action()));
        fields.numberIfAny("table", rule.table());
        fields.textIfAny("tableName", KernelWords.tableName(rule.table()));
        fields.flag("masterTable", rule.isMasterTable());
        fields.number("goto", rule.goTo());
        if (rule.suppressedPrefix() >= 0) {
            fields.number("suppressPrefixLength", rule.suppressedPrefix());
        }
        fields.text("protocol", KernelWords.routeProtocol(rule.protocol()));
        fields.owners(owned.owners());
    }

    private void resolver(Resolver resolver) throws IOException {
        fields.text("target", resolver.target());
        fields.texts("nameservers", resolver.nameservers());
        fields.texts("search", resolver.search());
        fields.texts("options", resolver.options());
        fields.texts("upstream", resolver.upstream());
        fields.owners(resolver.owners());
    }

    private static String family(IpFamily family) {
        return family == IpFamily.IPV4 ? "ipv4" : "ipv6";
    }

    /** A link that appeared after the links were listed has only an index. */
    private String name(int index) {
        return document.linkNames().getOrDefault(index, "#" + index);
    }
}
