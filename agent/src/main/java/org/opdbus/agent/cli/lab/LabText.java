// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.opdbus.agent.cli.output.TextTable;

/** Labs in lines for people, from the agent's answers. */
final class LabText {
    private static final List<String> LABS = List.of("LAB", "STATE", "ITEMS", "LANS");
    private static final List<String> ITEMS = List.of("ITEM", "ID", "KIND", "STATE");
    private static final List<String> ENDPOINTS =
            List.of("PORT", "ITEM", "NUM", "LAN", "TAG", "TRUNKS", "OFPORT", "SPY", "MAC");

    /** The columns of counters, by the names of the counters. */
    private static final List<String> COUNTERS = List.of(
            "sent_packets",
            "sent_bytes",
            "sent_dropped",
            "sent_errors",
            "received_packets",
            "received_bytes",
            "received_dropped",
            "received_errors");

    private LabText() {}

    static List<String> list(JsonNode labs) {
        if (labs.isEmpty()) {
            return List.of("This host has no lab. To make one: op-dbus lab NET start");
        }
        List<List<String>> rows = new ArrayList<>(List.of(LABS));
        labs.forEach(
                lab -> rows.add(List.of(text(lab, "lab"), state(lab), text(lab, "itemCount"), text(lab, "lanCount"))));
        return new TextTable(rows).lines();
    }

    static List<String> status(JsonNode lab) {
        List<String> lines = new ArrayList<>();
        String namespace = lab.path("running").asBoolean()
                ? " Its network namespace is " + text(lab, "namespace") + "."
                : " To start it: op-dbus lab " + text(lab, "lab") + " start";
        lines.add("The lab " + text(lab, "lab") + " is " + state(lab) + "." + namespace);
        if (!lab.path("items").isEmpty()) {
            lines.add("");
            lines.addAll(items(lab.path("items")));
            lines.add("");
            lines.addAll(endpoints(lab.path("items")));
        }
        if (!lab.path("trouble").isEmpty()) {
            lines.add("");
            lines.add("Not as it shall be; the agent tries again:");
            lab.path("trouble")
                    .properties()
                    .forEach(one -> lines.add(
                            "  " + one.getKey() + ": " + one.getValue().asText()));
        }
        return lines;
    }

    static List<String> counters(JsonNode lab) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("PORT", "ITEM", "NUM", "LAN"));
        COUNTERS.forEach(name -> head.add(name.toUpperCase(Locale.ROOT).replace('_', '-')));
        rows.add(head);
        lab.path("endpoints").forEach(endpoint -> {
            List<String> row = new ArrayList<>(List.of(
                    text(endpoint, "port"), text(endpoint, "item"), text(endpoint, "number"), text(endpoint, "lan")));
            COUNTERS.forEach(name -> row.add(text(endpoint.path("counters"), name)));
            rows.add(row);
        });
        return new TextTable(rows).lines();
    }

    private static String state(JsonNode lab) {
        if (!lab.path("running").asBoolean()) {
            return "stopped";
        }
        return lab.path("settled").asBoolean() ? "running" : "degraded";
    }

    private static List<String> items(JsonNode items) {
        List<List<String>> rows = new ArrayList<>(List.of(ITEMS));
        items.forEach(item ->
                rows.add(List.of(text(item, "name"), text(item, "id"), text(item, "kind"), text(item, "state"))));
        return new TextTable(rows).lines();
    }

    private static List<String> endpoints(JsonNode items) {
        List<List<String>> rows = new ArrayList<>(List.of(ENDPOINTS));
        items.forEach(item -> item.path("endpoints")
                .forEach(endpoint -> rows.add(List.of(
                        text(endpoint, "port"),
                        text(item, "name"),
                        text(endpoint, "number"),
                        text(endpoint, "lan"),
                        text(endpoint, "tag"),
                        joined(endpoint.path("trunks")),
                        text(endpoint, "ofport"),
                        text(endpoint, "spy"),
                        text(endpoint, "mac")))));
        return new TextTable(rows).lines();
    }

    private static String text(JsonNode object, String name) {
        return object.path(name).asText();
    }

    private static String joined(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }
}
