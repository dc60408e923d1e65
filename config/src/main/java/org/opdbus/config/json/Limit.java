// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a value must be like.
 *
 * <p>A record's constructor and the reader of its file ask the same limit, so that a record cannot exist with a value
 * that its file may not have, and the reader can go on to the next key after a bad one.
 */
@FunctionalInterface
public interface Limit<T> {
    /** The most bytes that the path of a unix socket can have: {@code sun_path} without its closing zero (unix(7)). */
    int SOCKET_PATH_BYTES_MAX = 107;

    /** What is wrong with the value, as a sentence without its subject; empty if nothing is. */
    Optional<String> violation(T value);

    /**
     * Checks a record's component.
     *
     * @throws IllegalArgumentException naming the key, if the value is not allowed
     */
    default void check(String key, T value) {
        violation(value).ifPresent(message -> {
            throw new IllegalArgumentException(new Problem(key, message).toString());
        });
    }

    /** Everything is allowed. */
    static <T> Limit<T> none() {
        return value -> Optional.empty();
    }

    /** Allows what the predicate holds for; otherwise the message says what the value must be. */
    static <T> Limit<T> that(Predicate<T> predicate, String message) {
        return value ->
                predicate.test(value) ? Optional.empty() : Optional.of(message + ", is " + JsonValues.shown(value));
    }

    /** Allows whole numbers from {@code least} to {@code most}, both included. */
    static Limit<Long> range(long least, long most) {
        return that(value -> value >= least && value <= most, "must be " + least + " to " + most);
    }

    /** Allows absolute paths: a service has no current folder that an admin could count on. */
    static Limit<Path> absolutePath() {
        return that(Path::isAbsolute, "must be an absolute path");
    }

    /** Allows absolute paths to which {@code suffix} can be added so that a socket can be bound there. */
    static Limit<Path> socketPath(String suffix) {
        int bytesMax = SOCKET_PATH_BYTES_MAX - suffix.getBytes(StandardCharsets.UTF_8).length;
        Limit<Path> length = that(
                path -> path.toString().getBytes(StandardCharsets.UTF_8).length <= bytesMax,
                "must be at most " + bytesMax + " bytes, or the kernel refuses the socket");
        return path -> absolutePath().violation(path).or(() -> length.violation(path));
    }
}
