// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.json.jackson.VertxModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.opdbus.verticles.files.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JSON file that keeps a record from one run to the next. It is replaced as a whole, so that it is complete after a
 * crash. If it cannot be written, that is logged once in ten minutes, and retried until it succeeds. A file that cannot
 * be read is set aside and never overwritten, because it may be the only evidence. For use by one thread.
 */
public final class StateFile<T extends StateFile.Content> {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long ANYHOW_NS = TimeUnit.MINUTES.toNanos(10);
    private static final long BYTES_MAX = 16L << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new VertxModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;
    private final T empty;
    private final LongSupplier nanoTime;
    private final PeerWarnings warnings;
    private final Object writing = new Object();
    private T written;
    private long writtenAt;
    private long asked;
    private long done;
    private volatile boolean owed;

    /** What a file holds: an immutable record. */
    public interface Content {
        /** Returns the part whose change is worth a write within seconds; the rest is written once in ten minutes. */
        default Object news() {
            return this;
        }
    }

    /**
     * Reads and writes nothing yet.
     *
     * @param empty the content while there is no file
     */
    public StateFile(Path path, T empty, LongSupplier nanoTime, PeerWarnings warnings) {
        this.path = path;
        this.empty = empty;
        written = empty;
        this.nanoTime = nanoTime;
        this.warnings = warnings;
        writtenAt = nanoTime.getAsLong() - EVERY_NS;
    }

    /** Returns the content; the empty one if there is no file, or if it was set aside. */
    public T read() throws IOException {
        return read(Function.identity());
    }

    /** Returns what is made of the content. A file of which nothing can be made is set aside, too. */
    public <R> R read(Function<T, R> use) throws IOException {
        if (!Files.exists(path)) {
            return use.apply(empty);
        }
        try {
            if (Files.size(path) > BYTES_MAX) {
                throw new IOException("it is over " + BYTES_MAX + " bytes long");
            }
            T content = JSON.readerFor(empty.getClass()).readValue(Files.readAllBytes(path));
            R made = use.apply(content);
            written = content;
            return made;
        } catch (IOException | RuntimeException e) {
            Path aside = path.resolveSibling(
                    path.getFileName() + ".unreadable-" + Instant.now().toEpochMilli());
            Files.move(path, aside);
            LOG.warn("cluster: {} cannot be read and is now {}: {}; a new file is begun", path, aside, e.toString());
            return use.apply(empty);
        }
    }

    /** Saves the content on a thread that may wait for the disk, if it has changed, but not twice in some seconds. */
    public void writeIfDue(Supplier<T> present, Executor files) {
        long age = nanoTime.getAsLong() - writtenAt;
        if (age < EVERY_NS) {
            return;
        }
        T content = present.get();
        boolean isNews = owed || !content.news().equals(written.news());
        if (isNews || (age >= ANYHOW_NS && !content.equals(written))) {
            writeSoon(content, files);
        }
    }

    /** Saves the content on that thread, without waiting for some seconds. */
    public void writeSoon(T content, Executor files) {
        long number = begin(content);
        try {
            files.execute(() -> {
                try {
                    replace(number, content);
                } catch (IOException | RuntimeException e) {
                    missed(e.toString());
                }
            });
        } catch (RejectedExecutionException full) {
            missed("too many files wait for the disk");
        }
    }

    /** Saves the content now. */
    public void write(T content) throws IOException {
        replace(begin(content), content);
    }

    private long begin(T content) {
        owed = false;
        written = content;
        writtenAt = nanoTime.getAsLong();
        return ++asked;
    }

    /** An earlier request may arrive later; it is out of date then. */
    private void replace(long number, T content) throws IOException {
        synchronized (writing) {
            if (number > done) {
                AtomicFile.replace(path, JSON.writeValueAsBytes(content));
                done = number;
            }
        }
    }

    private void missed(String why) {
        owed = true;
        warnings.warn(path.toString(), path + " cannot be written, trying again: " + why);
    }
}
