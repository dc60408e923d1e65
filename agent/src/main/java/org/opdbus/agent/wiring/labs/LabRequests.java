// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.labs;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private Single<LabService> labs() {
        return labs.map(Labs::labs)
                .orElseGet(() -> Single.error(
                        new IllegalStateException("no agent runs, and labs live in it; start it with \"op-dbus run\" "
                                + "or \"systemctl start op-dbus\"")));
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
