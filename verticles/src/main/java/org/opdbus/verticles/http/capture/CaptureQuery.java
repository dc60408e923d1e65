// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import static org.opdbus.verticles.http.capture.RefusedCapture.BAD_REQUEST;

import io.vertx.core.MultiMap;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.events.LinkName;

/**
 * What a caller wants to capture, as the parameters of {@code /capture} say it.
 *
 * @param target the name and the type of one of the targets that the face lists; empty names for none
 * @param links the links; empty for all links of the target
 * @param filter a filter of libpcap's language, or an empty text
 * @param isPromiscuous whether to switch promiscuous mode on
 */
record CaptureQuery(Name target, List<String> links, String filter, boolean isPromiscuous) {
    private static final String USAGE = "say what to capture: /capture?nif=LINK, several links as LINK/LINK, or "
            + "/capture?container=… with an element of /mobyshark";

    /** What identifies a target. */
    record Name(String type, String name) {}

    CaptureQuery {
        links = List.copyOf(links);
    }

    /**
     * Reads the parameters: {@code container} is the JSON object of a target, {@code nif} names links with slashes between them,
     * {@code filter} is a filter, {@code chaste} leaves promiscuous mode as it is.
     *
     * @throws RefusedCapture if they are not what they should be
     */
    static CaptureQuery of(MultiMap parameters) {
        JsonObject container = container(parameters);
        List<String> links = named(Stream.of(parameters.contains("nif") ? parameters.get("nif") : "")
                .flatMap(text -> Stream.of(text.split("/", -1)))
                .toList());
        if (links.isEmpty()) {
            links = named(texts(container));
        }
        Name target = new Name(text(container, "type"), text(container, "name"));
        if (links.isEmpty() && target.name().isEmpty()) {
            throw new RefusedCapture(BAD_REQUEST, USAGE);
        }
        String filter = Optional.ofNullable(parameters.get("filter")).orElse("");
        return new CaptureQuery(target, links, filter.strip(), !parameters.contains("chaste"));
    }

    private static JsonObject container(MultiMap parameters) {
        String text = parameters.get("container");
        try {
            return text == null || text.isBlank() ? new JsonObject() : new JsonObject(text);
        } catch (DecodeException broken) {
            throw new RefusedCapture(BAD_REQUEST, "container is no JSON object; " + USAGE);
        }
    }

    private static String text(JsonObject object, String member) {
        return object.getValue(member) instanceof String text ? text : "";
    }

    private static List<String> texts(JsonObject container) {
        return container.getValue("network-interfaces") instanceof JsonArray names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Returns the links; {@code all} and {@code any} are the plug-in's words for those of the target. */
    private static List<String> named(List<String> names) {
        List<String> links = names.stream()
                .filter(name -> !name.isEmpty() && !name.equals("all") && !name.equals("any"))
                .distinct()
                .toList();
        if (!links.stream().allMatch(LinkName::isValid)) {
            throw new RefusedCapture(BAD_REQUEST, "a name in nif is no name of a link; " + USAGE);
        }
        return links;
    }
}
