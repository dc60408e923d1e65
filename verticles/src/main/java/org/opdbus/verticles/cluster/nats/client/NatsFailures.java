// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Says in short why a request failed; the library wraps most failures. The words may be a server's. */
final class NatsFailures {
    private static final int WORDS_LENGTH_MAX = 300;

    private NatsFailures() {}

    /** Returns the words of the innermost cause that has any, else its kind; {@link #shortened}. */
    static String of(@Nullable Throwable failure) {
        String words = "no answer";
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 10; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return "no answer in time";
            }
            words = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            depth++;
        }
        return shortened(words);
    }

    /** Returns the beginning of what a server says, which may be long. */
    static String shortened(String words) {
        return words.length() <= WORDS_LENGTH_MAX ? words : words.substring(0, WORDS_LENGTH_MAX) + "...";
    }
}
