// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;
import org.opdbus.verticles.driver.engine.LabLabels;

/**
 * What Docker says of a container.
 *
 * @param id Docker's whole id of it
 * @param lab the lab that its labels name, or empty
 * @param item the item of that lab, or empty
 * @param image the image as it was named when the container was made
 * @param status {@code created}, {@code running}, {@code exited}, …
 * @param initPid its first process; 0 if it does not run
 * @param exitCode how that ended, if it has
 */
record DockerContainer(String id, String lab, String item, String image, String status, long initPid, int exitCode) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    /** Reads the answer to {@code GET /containers/ID/json}; what is absent or of another type is empty. */
    static DockerContainer read(JsonObject answer) {
        JsonObject config = object(answer, "Config");
        JsonObject labels = object(config, "Labels");
        JsonObject state = object(answer, "State");
        boolean runs = Boolean.TRUE.equals(state.getValue("Running"));
        return new DockerContainer(
                id(answer),
                text(labels, LabLabels.LAB),
                text(labels, LabLabels.ITEM),
                text(config, "Image"),
                text(state, "Status"),
                runs ? number(state, "Pid") : 0,
                (int) number(state, "ExitCode"));
    }

    /** Returns the id in an answer about a container. */
    static String id(JsonObject answer) {
        String id = text(answer, "Id");
        if (!ID.matcher(id).matches()) {
            throw new EngineException(Reason.INVALID, "the answer has a container without a valid id");
        }
        return id;
    }

    boolean isOf(String wantedLab, String wantedItem) {
        return lab.equals(wantedLab) && item.equals(wantedItem);
    }

    /** Returns whether its program has run and ended. */
    boolean hasEnded() {
        return status.equals("exited");
    }

    private static JsonObject object(JsonObject json, String key) {
        return json.getValue(key) instanceof JsonObject object ? object : new JsonObject();
    }

    private static String text(JsonObject json, String key) {
        return json.getValue(key) instanceof String text ? text : "";
    }

    private static long number(JsonObject json, String key) {
        return json.getValue(key) instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }
}
