// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.introspect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opdbus.agent.cli.introspect.TreeLines.Piece;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.TerminalStyle.Color;

/** Draws the document for people, section by section as it is read. */
final class NetworkTree {
    private static final String LOCAL = "local";

    private final TreeLines lines;

    NetworkTree(TreeLines lines) {
        this.lines = lines;
    }

    /** Draws the document at the beginning of which the reader is. */
    void draw(JsonParser reader) throws IOException {
        String host = "";
        reader.nextToken();
        while (reader.nextToken() == JsonToken.FIELD_NAME) {
            String key = reader.currentName();
            reader.nextToken();
            switch (key) {
                case "host" -> host = reader.getText();
                case "time" -> lines.heading(host + ", " + reader.getText());
                case "links" -> section("Links", reader, this::link);
                case "routes" -> routes(reader);
                case "rules" ->
                    section(
                            "Rules",
                            reader,
                            (rule, above, isLast) -> plain(rule, above, isLast, ObjectText.rule(rule)));
                case "resolver" -> resolver(JsonText.current(reader));
                case "bridges" -> section("Bridges of Open vSwitch", reader, this::bridge);
                case "containers" ->
                    section(
                            "Containers",
                            reader,
                            (container, above, isLast) ->
                                    plain(container, above, isLast, ObjectText.container(container)));
                case "leftOut" -> leftOut(JsonText.current(reader));
                case "troubles" ->
                    section(
                            "Not known",
                            reader,
                            (trouble, above, isLast) ->
                                    lines.sentence(isLast, new Piece(trouble.asText(), Color.WARNING)));
                default -> reader.skipChildren();
            }
        }
    }

    /** Draws one object of a section, and what belongs to it. */
    @FunctionalInterface
    private interface Drawing {
        void draw(JsonNode object, List<Boolean> above, boolean isLast);
    }

    /** Draws an array. It reads one object ahead, because the branch to the last one looks different. */
    private void section(String name, JsonParser reader, Drawing drawing) throws IOException {
        boolean isEmpty = true;
        JsonNode before = null;
        while (reader.nextToken() != JsonToken.END_ARRAY) {
            if (before == null) {
                lines.heading(name);
                isEmpty = false;
            } else {
                drawing.draw(before, List.of(), false);
            }
            before = JsonText.current(reader);
        }
        if (!isEmpty && before != null) {
            drawing.draw(before, List.of(), true);
        }
    }

    private void link(JsonNode link, List<Boolean> above, boolean isLast) {
        plain(link, above, isLast, ObjectText.link(link));
        children(
                link.path("addresses"),
                !isLast,
                0,
                (address, more, last) -> plain(address, more, last, ObjectText.address(address)));
    }

    private void bridge(JsonNode bridge, List<Boolean> above, boolean isLast) {
        plain(bridge, above, isLast, ObjectText.bridge(bridge));
        int mirrors = bridge.path("mirrors").size();
        int controllers = bridge.path("controllers").size();
        children(
                bridge.path("ports"),
                !isLast,
                mirrors + controllers,
                (port, more, last) -> plain(port, more, last, ObjectText.port(port)));
        children(
                bridge.path("mirrors"),
                !isLast,
                controllers,
                (mirror, more, last) -> lines.node(more, last, ObjectText.mirror(mirror)));
        children(
                bridge.path("controllers"),
                !isLast,
                0,
                (controller, more, last) -> lines.node(more, last, ObjectText.controller(controller)));
    }

    /**
     * Draws the objects below one.
     *
     * @param moreAbove whether another object follows that one
     * @param following how many other objects follow these, below the same one
     */
    private static void children(JsonNode list, boolean moreAbove, int following, Drawing drawing) {
        List<Boolean> above = List.of(moreAbove);
        for (int i = 0; i < list.size(); i++) {
            drawing.draw(list.get(i), above, following == 0 && i == list.size() - 1);
        }
    }

    /** Draws what is drawn as: its name, its owner, and the rest. */
    private void plain(JsonNode object, List<Boolean> above, boolean isLast, ObjectText.Parts text) {
        String owner = object.path("owner").asText();
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(text.name(), Color.STRONG));
        pieces.add(new Piece("[" + owner + "]", color(owner)));
        pieces.add(new Piece(text.rest(), Color.PLAIN));
        lines.node(above, isLast, pieces);
    }

    private static Color color(String owner) {
        return switch (owner) {
            case "op-dbus" -> Color.OURS;
            case "nobody" -> Color.WARNING;
            case "kernel" -> Color.FAINT;
            default -> Color.OTHERS;
        };
    }

    /** The kernel keeps several routes for each address in the table local; a person looks for the others. */
    private void routes(JsonParser reader) throws IOException {
        List<JsonNode> shown = new ArrayList<>();
        int hidden = 0;
        while (reader.nextToken() != JsonToken.END_ARRAY) {
            JsonNode route = JsonText.current(reader);
            if (route.path("tableName").asText().equals(LOCAL)) {
                hidden++;
            } else {
                shown.add(route);
            }
        }
        lines.heading("Routes");
        for (int i = 0; i < shown.size(); i++) {
            plain(shown.get(i), List.of(), hidden == 0 && i == shown.size() - 1, ObjectText.route(shown.get(i)));
        }
        if (hidden > 0) {
            lines.node(
                    List.of(),
                    true,
                    List.of(new Piece("… and " + hidden + " of the table local; --json prints them", Color.FAINT)));
        }
    }

    private void resolver(JsonNode resolver) {
        lines.heading("Name resolution");
        plain(resolver, List.of(), true, ObjectText.resolver(resolver));
    }

    private void leftOut(JsonNode leftOut) {
        Map<String, JsonNode> kinds = new TreeMap<>();
        leftOut.properties().forEach(kind -> kinds.put(kind.getKey(), kind.getValue()));
        kinds.forEach((kind, count) -> lines.heading("… and " + count.asLong() + " more " + kind));
    }
}
