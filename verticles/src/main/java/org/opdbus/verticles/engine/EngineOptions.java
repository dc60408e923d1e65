// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import java.nio.file.Path;
import java.time.Duration;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.limits.Backoff;

/**
 * How to reach an engine.
 *
 * @param kind which engine it is
 * @param socket the unix socket of its API; it need not exist
 * @param connectLimit the time limit for a connection
 * @param answerLimit the time limit for an answer
 * @param retry the pauses between two attempts
 * @param relistPeriod the interval between listings when nothing was lost; they are the safety net, not the mechanism
 */
public record EngineOptions(
        Kind kind, Path socket, Duration connectLimit, Duration answerLimit, Backoff retry, Duration relistPeriod) {
    public EngineOptions {
        if (!kind.isEngine()) {
            throw new IllegalArgumentException(kind + " is no engine");
        }
        if (connectLimit.toMillis() < 1 || answerLimit.toMillis() < 1 || relistPeriod.toMillis() < 1) {
            throw new IllegalArgumentException("limits and intervals must be at least 1 ms");
        }
    }

    /** Returns the default times for this engine. */
    public static EngineOptions of(Kind kind, Path socket) {
        return of(kind, socket, Duration.ofSeconds(10));
    }

    /** Returns the times for a caller that waits, and goes on without an engine that does not answer at once. */
    public static EngineOptions inHaste(Kind kind, Path socket) {
        return of(kind, socket, Duration.ofSeconds(3));
    }

    private static EngineOptions of(Kind kind, Path socket, Duration answerLimit) {
        return new EngineOptions(
                kind, socket, Duration.ofSeconds(5), answerLimit, new Backoff(200, 30_000), Duration.ofSeconds(60));
    }
}
