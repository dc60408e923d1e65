// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A condition on a value.
 *
 * <p>A record's constructor and the reader of its file use the same limit. So a record never has a value that its
 * file may not have, and the reader can continue with the next key after a bad one.
 */
@FunctionalInterface
public interface Limit<T> {
    /**
     * The largest number of bytes in the path of a unix socket: {@code sun_path} without its closing zero (unix(7)).
     */
    int SOCKET_PATH_BYTES_MAX = 107;

    /** Returns the error in the value, as a sentence without its subject; empty if there is none. */
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

    /** Accepts every value. */
    static <T> Limit<T> none() {
        return value -> Optional.empty();
    }

    /** Accepts values that match the predicate; otherwise the message says what the value must be. */
    static <T> Limit<T> that(Predicate<T> predicate, String message) {
        return value ->
                predicate.test(value) ? Optional.empty() : Optional.of(message + ", is " + JsonValues.shown(value));
    }

    /** Accepts whole numbers from {@code least} to {@code most}, both included. */
    static Limit<Long> range(long least, long most) {
        return that(value -> value >= least && value <= most, "must be " + least + " to " + most);
    }

    /** Accepts absolute paths, because a service has no dependable current folder. */
    static Limit<Path> absolutePath() {
        return that(Path::isAbsolute, "must be an absolute path");
    }

    /** Accepts absolute paths for which the kernel can bind a socket after {@code suffix} is added. */
    static Limit<Path> socketPath(String suffix) {
        int bytesMax = SOCKET_PATH_BYTES_MAX - suffix.getBytes(StandardCharsets.UTF_8).length;
        Limit<Path> length = that(
                path -> path.toString().getBytes(StandardCharsets.UTF_8).length <= bytesMax,
                "must be at most " + bytesMax + " bytes, or the kernel refuses the socket");
        return path -> absolutePath().violation(path).or(() -> length.violation(path));
    }
}
