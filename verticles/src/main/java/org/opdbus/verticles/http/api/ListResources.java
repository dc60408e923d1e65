// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.LiveInventory;

/** The lists of the inventory, their objects, and this host. For the event loop. */
final class ListResources {
    private static final String SEARCH = "q";
    private static final String HOST = "host";
    private static final String ID = "id";

    private final String run;
    private final LiveInventory inventory;
    private final FileThreads threads;
    private final PartVersions versions = new PartVersions();

    /**
     * Creates the resources.
     *
     * @param run a word that no other run of the agent has
     */
    ListResources(String run, LiveInventory inventory, FileThreads threads) {
        this.run = run;
        this.inventory = inventory;
        this.threads = threads;
    }

    List<Resource> all() {
        List<Resource> all = new ArrayList<>();
        all.add(new Resource("/host", List.of(), this::host));
        for (InventoryPart part : InventoryPart.values()) {
            String path = "/" + part.word();
            List<String> parameters = new ArrayList<>(part.filters());
            parameters.add(SEARCH);
            all.add(new Resource(path, parameters, request -> list(part, request)));
            all.add(new Resource(path + "/{id}", List.of(), request -> one(part, key(part, request), request)));
            if (part.isOfHosts()) {
                all.add(new Resource(
                        path + "/{host}/{id}",
                        List.of(),
                        request ->
                                one(part, InventoryJson.key(request.variable(HOST), request.variable(ID)), request)));
            }
        }
        return all;
    }

    private void host(ApiRequest request) {
        Inventory now = inventory.current();
        String tag = run + '.' + versions.of(InventoryPart.HOSTS, now);
        if (!request.endIfKnown(tag)) {
            request.end(ApiAnswer.of(InventoryJson.host(now.host())).tagged(tag));
        }
    }

    private void list(InventoryPart part, ApiRequest request) {
        Inventory now = inventory.current();
        long version = versions.of(part, now);
        String tag = run + '.' + version;
        if (request.endIfKnown(tag)) {
            return;
        }
        Predicate<JsonObject> wanted = wanted(part, request.parameters());
        threads.answer(request, () -> {
            EncodedList list = new EncodedList();
            long ofOthers = 0;
            for (JsonObject object : (Iterable<JsonObject>) part.objects(now)::iterator) {
                ofOthers += now.host().name().equals(object.getString(HOST)) ? 0 : 1;
                if (wanted.test(object)) {
                    list.add(object);
                }
            }
            String head = "{\"version\":\"" + version + "\","
                    + (part == InventoryPart.CONTAINERS
                            ? "\"leftOut\":" + InventoryPart.leftOut(now, ofOthers) + ","
                            : "");
            return new ApiAnswer(ApiAnswer.JSON, list.body(head), Optional.of(tag));
        });
    }

    private static Predicate<JsonObject> wanted(InventoryPart part, Parameters parameters) {
        Predicate<JsonObject> wanted = any -> true;
        for (String key : part.filters()) {
            Optional<String> value = parameters.text(key);
            if (value.isPresent()) {
                wanted = wanted.and(object -> value.get().equals(text(object.getValue(key))));
            }
        }
        return parameters
                .text(SEARCH)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .map(text -> (Predicate<JsonObject>) object -> has(object.getMap(), text))
                .map(wanted::and)
                .orElse(wanted);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** Returns whether a text within a value contains another one, which is in lower case. */
    private static boolean has(@Nullable Object value, String text) {
        if (value instanceof String own) {
            return own.toLowerCase(Locale.ROOT).contains(text);
        }
        if (value instanceof JsonObject object) {
            return has(object.getMap(), text);
        }
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().anyMatch(each -> has(each, text));
        }
        return value instanceof JsonArray array && array.stream().anyMatch(each -> has(each, text));
    }

    /** Returns the key of an object of this host, or of one that is of no host. */
    private String key(InventoryPart part, ApiRequest request) {
        String id = request.variable(ID);
        return part.isOfHosts() ? InventoryJson.key(inventory.current().host().name(), id) : id;
    }

    private void one(InventoryPart part, String key, ApiRequest request) {
        Inventory now = inventory.current();
        String tag = run + '.' + versions.of(part, now);
        if (request.endIfKnown(tag)) {
            return;
        }
        threads.answer(
                request,
                () -> part.objects(now)
                        .filter(object -> key.equals(object.getString("key")))
                        .findFirst()
                        .map(object -> ApiAnswer.of(object).tagged(tag))
                        .orElseThrow(() -> new ProblemException(ApiProblem.notFound(
                                "there is nothing with the key \"" + key + "\" in " + part.word(),
                                "GET " + ApiRoute.ROOT + "/" + part.word() + " lists what there is"))));
    }
}
