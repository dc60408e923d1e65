// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

/** Says in short why a request failed; the library wraps most failures. */
final class NatsFailures {
    private NatsFailures() {}

    /** Returns the words of the innermost cause that has any, else its kind. */
    static String of(Throwable failure) {
        String words = failure.getClass().getSimpleName();
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 10; cause = cause.getCause()) {
            words = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            depth++;
        }
        return words;
    }
}
