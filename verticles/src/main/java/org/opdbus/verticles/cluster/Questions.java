// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.verticles.cluster.Message.AskClaim;
import org.opdbus.verticles.cluster.Message.Claim;

/** The form of what one host asks another about the present, and of the answers; a part of {@link Wire}. */
final class Questions {
    private Questions() {}

    static void write(JsonObject json, Message message) {
        if (message instanceof AskClaim ask) {
            json.put("kind", "ask-claim").put("question", ask.question()).put("ids", new JsonArray(ask.ids()));
        } else if (message instanceof Claim claim) {
            JsonObject running = new JsonObject();
            new TreeMap<>(claim.running()).forEach((id, since) -> running.put(id, since.toString()));
            json.put("kind", "claim")
                    .put("question", claim.question())
                    .put("caughtUp", claim.caughtUp())
                    .put("running", running);
        }
    }

    static Optional<Message> read(String host, JsonObject json) {
        return switch (Wire.name(json, "kind")) {
            case "ask-claim" -> {
                List<String> ids = json.getJsonArray("ids").stream()
                        .map(String.class::cast)
                        .toList();
                yield Optional.of(new AskClaim(host, Wire.number(json, "question"), ids));
            }
            case "claim" -> {
                Map<String, Instant> running = new TreeMap<>();
                JsonObject told = json.getJsonObject("running");
                told.fieldNames().forEach(id -> running.put(id, Instant.parse(Wire.text(told, id))));
                yield Optional.of(
                        new Claim(host, Wire.number(json, "question"), json.getBoolean("caughtUp"), running));
            }
            default -> Optional.empty();
        };
    }
}
