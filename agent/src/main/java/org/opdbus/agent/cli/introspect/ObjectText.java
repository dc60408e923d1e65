// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.introspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.opdbus.agent.cli.introspect.TreeLines.Piece;
import org.opdbus.agent.cli.output.TerminalStyle.Color;

/** Objects of the document as lines for people, in words that ip(8) and ovs-vsctl(8) use. */
final class ObjectText {
    private ObjectText() {}

    /** What a person looks for first, and the rest. */
    record Parts(String name, String rest) {}

    static Parts link(JsonNode link) {
        Words words = new Words()
                .add(link.path("kind").asText(link.path("hardware").asText()))
                .add(link.path("up").asBoolean() ? link.path("carrier").asBoolean() ? "up" : "up, no carrier" : "down")
                .pair("mtu", link.path("mtu"))
                .pair("mac", link.path("mac"))
                .pair("vlan", link.path("vlan"))
                .pair("master", link.path("master"))
                .pair("bridge", link.path("bridge"))
                .pair("container", link.path("container"))
                .pair("on", link.at("/lower/name"))
                .pair("peer", link.at("/peer/name"))
                .pair("peer in namespace", link.at("/peer/namespace"));
        if (link.has("speedMbps")) {
            words.add(link.path("speedMbps").asText() + " Mbit/s");
        }
        words.list("also", link.path("altNames")).pair("alias", link.path("alias"));
        return new Parts(link.path("name").asText(), words.toString());
    }

    static Parts address(JsonNode address) {
        Words words = new Words()
                .add(address.path("scope").asText())
                .pair("peer", address.path("peer"))
                .pair("valid", address.path("validS"), " s");
        for (JsonNode flag : address.path("flags")) {
            if (!flag.asText().equals("permanent")) {
                words.add(flag.asText());
            }
        }
        return new Parts(
                address.path("address").asText() + "/" + address.path("prefix").asText(), words.toString());
    }

    static Parts route(JsonNode route) {
        String destination = route.path("destination").asText();
        String type = route.path("type").asText();
        StringJoiner words = new StringJoiner(" ");
        List<JsonNode> hops = new ArrayList<>();
        route.path("nextHops").forEach(hops::add);
        for (JsonNode hop : hops) {
            words.add((hops.size() > 1 ? "nexthop " : "")
                    + (hop.has("gateway") ? "via " + hop.path("gateway").asText() + " " : "")
                    + (hop.has("link") ? "dev " + hop.path("link").asText() : "")
                    + (hops.size() > 1 ? " weight " + hop.path("weight").asText() : ""));
        }
        words.add("proto " + route.path("protocol").asText());
        add(words, "metric", route.path("metric"));
        add(words, "src", route.path("preferredSource"));
        add(words, "mtu", route.path("mtu"));
        if (!route.path("tableName").asText().equals("main")) {
            words.add("table "
                    + route.path("tableName").asText(route.path("table").asText()));
        }
        String name = destination.endsWith("/0") ? "default" : destination;
        return new Parts((type.equals("unicast") ? "" : type + " ") + name, words.toString());
    }

    private static void add(StringJoiner words, String key, JsonNode value) {
        if (!value.isMissingNode() && !value.asText().equals("0")) {
            words.add(key + " " + value.asText());
        }
    }

    static Parts rule(JsonNode rule) {
        StringJoiner words = new StringJoiner(" ");
        words.add(rule.path("family").asText());
        if (rule.path("not").asBoolean()) {
            words.add("not");
        }
        words.add("from " + rule.path("source").asText("all"));
        add(words, "to", rule.path("destination"));
        add(words, "iif", rule.path("inputLink"));
        add(words, "oif", rule.path("outputLink"));
        add(words, "fwmark", rule.path("mark"));
        add(words, "ipproto", rule.path("ipProtocol"));
        add(words, "sport", rule.path("sourcePorts"));
        add(words, "dport", rule.path("destinationPorts"));
        add(words, "uidrange", rule.path("users"));
        String action = rule.path("action").asText();
        if (action.equals("table")) {
            words.add(
                    "lookup " + rule.path("tableName").asText(rule.path("table").asText("[l3mdev-table]")));
        } else {
            words.add(action + (rule.has("goto") ? " " + rule.path("goto").asText() : ""));
        }
        if (rule.has("suppressPrefixLength")) {
            words.add(
                    "suppress_prefixlength " + rule.path("suppressPrefixLength").asText());
        }
        return new Parts(rule.path("priority").asText() + ":", words.toString());
    }

    static Parts resolver(JsonNode resolver) {
        Words words = new Words()
                .list("nameservers", resolver.path("nameservers"))
                .list("which asks", resolver.path("upstream"))
                .list("search", resolver.path("search"))
                .list("options", resolver.path("options"))
                .pair("link to", resolver.path("target"));
        return new Parts("/etc/resolv.conf", words.toString());
    }

    static Parts bridge(JsonNode bridge) {
        Words words = new Words().pair("datapath", bridge.path("datapath")).pair("fail mode", bridge.path("failMode"));
        return new Parts(bridge.path("name").asText(), words.toString());
    }

    static Parts port(JsonNode port) {
        Words words = new Words()
                .add(port.path("type").asText())
                .pair("ofport", port.path("ofport"))
                .pair("tag", port.path("tag"))
                .list("trunks", port.path("trunks"))
                .pair("error:", port.path("error"));
        return new Parts(port.path("name").asText(), words.toString());
    }

    static List<Piece> mirror(JsonNode mirror) {
        Words words = new Words()
                .add(mirror.path("all").asBoolean() ? "of all ports" : "")
                .list("from", mirror.path("sourcePorts"))
                .list("to", mirror.path("destinationPorts"))
                .list("VLANs", mirror.path("vlans"))
                .pair("output", mirror.path("outputPort"))
                .pair("output VLAN", mirror.path("outputVlan"));
        return List.of(
                new Piece("mirror " + mirror.path("name").asText(), Color.STRONG),
                new Piece(words.toString(), Color.PLAIN));
    }

    static List<Piece> controller(JsonNode controller) {
        boolean isConnected = controller.path("connected").asBoolean();
        return List.of(
                new Piece("controller " + controller.path("target").asText(), Color.STRONG),
                new Piece(isConnected ? "connected" : "not connected", isConnected ? Color.PLAIN : Color.WARNING));
    }

    static Parts container(JsonNode container) {
        String name = container.path("name").asText();
        Words words = new Words()
                .add(name.equals(container.path("id").asText()) ? "" : name)
                .add(container.path("state").asText());
        for (JsonNode link : container.path("links")) {
            words.add(link.path("name").asText()
                    + (link.has("bridge") ? " on " + link.path("bridge").asText() : ""));
        }
        return new Parts(
                container.path("id").asText(),
                words.add(container.path("reason").asText()).toString());
    }

    /** Values with commas between them; what an object does not have is left out. */
    private static final class Words {
        private final StringJoiner words = new StringJoiner(", ");

        Words add(String word) {
            if (!word.isEmpty()) {
                words.add(word);
            }
            return this;
        }

        Words pair(String key, JsonNode value) {
            return pair(key, value, "");
        }

        Words pair(String key, JsonNode value, String unit) {
            return value.isMissingNode() ? this : add(key + " " + value.asText() + unit);
        }

        Words list(String key, JsonNode values) {
            StringJoiner all = new StringJoiner(" ");
            values.forEach(value -> all.add(value.asText()));
            return all.length() == 0 ? this : add(key + " " + all);
        }

        @Override
        public String toString() {
            return words.toString();
        }
    }
}
