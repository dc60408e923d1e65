// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.verticles.files.WriteWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the file of the token for HTTP until it is closed. A file that cannot be used changes nothing, and the log says so once; a
 * file that is removed takes its token with it. Reads the file on a thread of its own.
 */
public final class AccessTokenWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessTokenWatch.class);

    private final AccessTokenFile file;
    private final Consumer<Optional<String>> changed;
    private Optional<Digest> used;
    private String told = "";
    private Optional<WriteWatch> watch = Optional.empty();

    private AccessTokenWatch(AccessTokenFile file, Optional<Digest> used, Consumer<Optional<String>> changed) {
        this.file = file;
        this.used = used;
        this.changed = changed;
    }

    /**
     * Begins to watch. Waits for the disk.
     *
     * @param file need not exist
     * @param used the token that callers have to show now
     * @param changed takes each other token, on any thread; empty if the file was removed
     */
    public static AccessTokenWatch of(AccessTokenFile file, Optional<String> used, Consumer<Optional<String>> changed) {
        AccessTokenWatch begun = new AccessTokenWatch(file, used.map(Digest::of), changed);
        begun.begin();
        return begun;
    }

    private void begin() {
        Path folder = Objects.requireNonNull(file.path().toAbsolutePath().getParent(), "a file is in a folder");
        Path name = Objects.requireNonNull(file.path().getFileName());
        try {
            watch = Optional.of(WriteWatch.of(
                    "op-dbus-http-token", List.of(folder), event -> name.equals(event.context()), this::look));
        } catch (NoSuchFileException none) {
            LOG.info("another token in {} needs a restart of the agent: {} is not there", file.path(), folder);
        } catch (IOException unwatched) {
            LOG.info("another token in {} needs a restart of the agent: {}", file.path(), unwatched.getMessage());
        }
        // The watch does not report what was written before it.
        look();
    }

    private synchronized void look() {
        try {
            Optional<String> token = file.read();
            Optional<Digest> now = token.map(Digest::of);
            told = "";
            if (!now.equals(used)) {
                used = now;
                LOG.info(
                        "http.tokenFile has {}: the sessions of the former token end",
                        now.isPresent() ? "another token" : "been removed, and no caller has the token");
                changed.accept(token);
            }
        } catch (IOException unusable) {
            String problem = String.valueOf(unusable.getMessage());
            if (!problem.equals(told)) {
                told = problem;
                LOG.warn(
                        "{}: {}",
                        used.isPresent() ? "the former token stays in use" : "no captures over HTTP",
                        problem);
            }
        }
    }

    @Override
    public void close() {
        watch.ifPresent(WriteWatch::close);
    }
}
