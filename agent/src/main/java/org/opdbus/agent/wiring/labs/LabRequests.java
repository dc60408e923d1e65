// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.labs;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.lab.LabService;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.opdbus.verticles.lab.show.LabStatusJson;
import org.opdbus.verticles.lab.text.LabCommands;
import org.opdbus.verticles.lab.text.LabDump;
import org.opdbus.verticles.lab.text.LabFilePaths;

/** The requests about labs. Each takes one object with the name of a {@code lab}, or nothing, and answers with JSON. */
public final class LabRequests {
    /** With which each method begins. */
    public static final String PREFIX = "lab-";

    /** The name of labs in the answer to a query. */
    public static final String PLUGIN = "lab";

    private final Optional<Labs> labs;

    /** Answers for these labs; empty if this process keeps none, because no agent serves. */
    public LabRequests(Optional<Labs> labs) {
        this.labs = labs;
    }

    /** Returns the answer; null if the method is not about labs. */
    public @Nullable Single<?> request(String method, JsonObject given) {
        String lab = given.getString("lab", "");
        return switch (method) {
            case "lab-list" -> labs().flatMap(labs -> labs.all().firstOrError()).map(LabRequests::list);
            case "lab-show" -> labs().flatMap(labs -> labs.status(lab)).map(LabStatusJson::of);
            case "lab-counters" ->
                labs().flatMap(labs -> labs.status(lab).zipWith(labs.statistics(lab), LabStatusJson::counters));
            case "lab-dump" ->
                labs().flatMap(labs -> labs.status(lab))
                        .map(status -> new JsonArray(new ArrayList<>(LabDump.of(status.definition()))));
            case "lab-start" ->
                labs().flatMap(labs -> labs.start(lab, given.getBoolean("empty", false)))
                        .map(LabStatusJson::of);
            case "lab-stop" ->
                labs().flatMapCompletable(labs -> labs.stop(lab, given.getBoolean("remove", false)))
                        .toSingleDefault(new JsonObject());
            case "lab-change" ->
                labs().flatMap(labs -> labs.change(lab, changes(given))).map(LabStatusJson::of);
            default -> null;
        };
    }

    /**
     * Answers a query of all plugins, or of one: adds the labs to what the others answer. A process that keeps no labs knows nothing of
     * them, so it leaves them out, and refuses a query of labs alone.
     */
    public Single<JsonObject> query(Optional<String> plugin, Function<Optional<String>, Single<JsonObject>> others) {
        if (plugin.isPresent()) {
            return plugin.get().equals(PLUGIN) ? state() : others.apply(plugin);
        }
        Single<JsonObject> answer = others.apply(plugin);
        return labs.isEmpty()
                ? answer
                : answer.zipWith(state(), (all, state) -> {
                    all.getJsonObject("plugins").put(PLUGIN, state);
                    return all;
                });
    }

    private Single<JsonObject> state() {
        return labs.map(kept -> kept.all().firstOrError().map(all -> {
                    JsonArray array = new JsonArray();
                    all.forEach(lab -> array.add(LabStatusJson.of(lab)));
                    return new JsonObject().put("labs", array);
                }))
                .orElseGet(() -> Single.error(noAgent()));
    }

    private Single<LabService> labs() {
        return labs.map(Labs::labs).orElseGet(() -> Single.error(noAgent()));
    }

    private static IllegalStateException noAgent() {
        return new IllegalStateException("no agent runs, and labs live in it; start it with \"op-dbus run\" "
                + "or \"systemctl start op-dbus\"");
    }

    private static JsonArray list(List<LabStatus> labs) {
        JsonArray array = new JsonArray();
        labs.forEach(lab -> array.add(LabStatusJson.summary(lab)));
        return array;
    }

    /** The changes of a {@code text} with a command a line, or of the {@code words} of one command. */
    private static List<LabChange> changes(JsonObject given) {
        JsonArray words = given.getJsonArray("words", new JsonArray());
        List<LabChange> changes = words.isEmpty()
                ? LabCommands.file(given.getString("text", ""))
                : List.of(LabCommands.change(words.stream().map(String::valueOf).toList()));
        LabFilePaths paths = new LabFilePaths(Path.of(given.getString("folder", "/")));
        return changes.stream().map(paths::absolute).toList();
    }
}
