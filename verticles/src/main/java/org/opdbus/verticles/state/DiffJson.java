// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;
import org.opdbus.config.state.EntryForm;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;

/** Prints differences in the form of {@code op-dbus diff}. */
public final class DiffJson {
    private DiffJson() {}

    /**
     * Returns a list with one object per plugin that differs, so an empty list if nothing differs: {@code plugin},
     * {@code actions} and {@code metadata} with {@code timestamp} (seconds since 1970), {@code current_hash} and
     * {@code desired_hash}.
     */
    public static JsonArray render(StateDiff diff, Instant at) {
        JsonArray plugins = new JsonArray();
        for (EntryForm form : EntryForm.all()) {
            JsonArray actions = new JsonArray();
            diff.actions().stream()
                    .filter(change -> change.id().kind() == form.kind())
                    .forEach(change -> actions.add(action(change)));
            if (!actions.isEmpty()) {
                plugins.add(new JsonObject()
                        .put("plugin", form.kind().word())
                        .put("actions", actions)
                        .put(
                                "metadata",
                                new JsonObject()
                                        .put("timestamp", at.getEpochSecond())
                                        .put("current_hash", hash(form, diff.current()))
                                        .put("desired_hash", hash(form, diff.desired()))));
            }
        }
        return plugins;
    }

    /** Returns the lower-case hex SHA-256 of the RFC 8785 form of the plugin's containers: {@code {"containers":[…]}}. */
    static String hash(EntryForm form, List<ContainerState> containers) {
        JsonArray list = new JsonArray();
        containers.stream()
                .filter(container -> container.id().kind() == form.kind())
                .forEach(container -> list.add(new JsonObject(container.toMap())));
        try {
            byte[] canonical = new JsonCanonicalizer(
                            new JsonObject().put(form.list(), list).encode())
                    .getEncodedUTF8();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("JSON of ours is JSON, and every Java has SHA-256", impossible);
        }
    }

    private static JsonObject action(ContainerChange change) {
        JsonObject resource = new JsonObject().put("resource", change.id().own());
        if (change instanceof Create create) {
            return new JsonObject()
                    .put(
                            "Create",
                            resource.put(
                                    "config", new JsonObject(create.desired().toMap())));
        }
        if (change instanceof Modify modify) {
            JsonObject changes = new JsonObject();
            modify.changes().forEach(one -> changes.put(one.key(), json(one)));
            return new JsonObject().put("Modify", resource.put("changes", changes));
        }
        if (change instanceof Delete) {
            return new JsonObject().put("Delete", resource);
        }
        throw new IllegalStateException("nothing to do about " + change.id() + " is no action");
    }

    /** {@code null} stands for an absent value. */
    private static JsonObject json(Change change) {
        JsonObject json = new JsonObject();
        change.before().ifPresentOrElse(value -> json.put("before", value), () -> json.putNull("before"));
        change.after().ifPresentOrElse(value -> json.put("after", value), () -> json.putNull("after"));
        return json.put("why", change.why());
    }
}
