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
import org.opdbus.verticles.cluster.Message.AskHead;
import org.opdbus.verticles.cluster.Message.Claim;
import org.opdbus.verticles.cluster.Message.Held;

/**
 * The form of a question about the present that one host asks another, and of the answers; a part of {@link Wire}.
 */
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
        } else if (message instanceof AskHead ask) {
            json.put("kind", "ask-head").put("question", ask.question());
        } else if (message instanceof Held held) {
            json.put("kind", "held").put("question", held.question()).put("checkpoint", held.checkpoint());
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
                yield Optional.of(new Claim(host, Wire.number(json, "question"), json.getBoolean("caughtUp"), running));
            }
            case "ask-head" -> Optional.of(new AskHead(host, Wire.number(json, "question")));
            case "held" -> Optional.of(new Held(host, Wire.number(json, "question"), Wire.text(json, "checkpoint")));
            default -> Optional.empty();
        };
    }
}
