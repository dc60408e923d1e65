// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/** Shows a client the wrong part of its request, cut to a limit. */
final class Excerpt {
    private static final int LENGTH_MAX = 120;

    private Excerpt() {}

    static String of(@Nullable Object json) {
        String text = Json.encode(json);
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "…";
    }
}
