// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.driver.engine.EngineException.Reason;

/** The versions of the engines' API, each as the number after {@code 1.}. */
public final class EngineVersion {
    /** The newest version whose answers are known to be read rightly. */
    public static final int NEWEST = 47;

    private static final Pattern VERSION = Pattern.compile("1\\.([0-9]{1,3})");

    private EngineVersion() {}

    /**
     * Returns the version to speak with an engine that has answered so to {@code GET /version}: the newest that both know, but none
     * that the engine refuses. Fails with an {@link EngineException} if the engine names none.
     */
    public static int agreed(JsonObject answer, int ours) {
        int theirs = minor(answer.getValue("ApiVersion"))
                .orElseThrow(() -> new EngineException(Reason.INVALID, "the answer to GET /version has no ApiVersion"));
        int least = minor(answer.getValue("MinAPIVersion")).orElse(0);
        return Math.max(Math.min(theirs, ours), least);
    }

    private static Optional<Integer> minor(Object version) {
        Matcher matcher = VERSION.matcher(String.valueOf(version));
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }
}
