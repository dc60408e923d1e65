// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.PublishOptions;
import io.nats.client.impl.Headers;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.TaskThread;

/**
 * The trust bundle, which a bucket holds for hosts that come later. A host reads it first and publishes its own only if
 * that is another one, or there is none: otherwise every host that connects would send the bundle to all. For the thread
 * of the link, except {@link #heard}.
 */
final class TrustBucket {
    private final Subjects subjects;
    private final Outlet outlet;
    private final StoredMessages stored;
    private final TaskThread thread;
    private final Consumer<String> listener;
    private final Runnable failed;

    private @Nullable String own;

    /** The last one that was heard, read or published. */
    private volatile String last = "";

    private boolean isAsked;
    private boolean isRead;

    /**
     * Reads nothing yet.
     *
     * @param listener receives bundles of other hosts, on any thread, which it must not block
     * @param failed called when the bucket did not give or take something
     */
    TrustBucket(
            Subjects subjects,
            Outlet outlet,
            StoredMessages stored,
            TaskThread thread,
            Consumer<String> listener,
            Runnable failed) {
        this.subjects = subjects;
        this.outlet = outlet;
        this.stored = stored;
        this.thread = thread;
        this.listener = listener;
        this.failed = failed;
    }

    /** Takes what another host published. For any thread; nothing waits here, so a flood of bundles costs no memory. */
    void heard(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        last = text;
        listener.accept(text);
    }

    /** Publishes this host's bundle, unless all have it. While nothing could be read yet, that waits. */
    void publish(String text) {
        own = text;
        if ((isRead || isAsked) && !text.equals(last)) {
            show(text);
        }
    }

    /**
     * The bucket is there: reads it once.
     *
     * @param isNew whether it was made just now, so that nothing is in it
     */
    void begin(boolean isNew) {
        if (isNew) {
            last = "";
        }
        if (!isRead || isNew) {
            var unused = stored.last(subjects.trust())
                    .whenCompleteAsync(
                            (found, failure) -> read(found == null ? Optional.empty() : found, failure), thread);
        }
    }

    private void read(Optional<StoredMessages.Stored> found, @Nullable Throwable failure) {
        isAsked = true;
        if (failure != null) {
            failed.run();
            return;
        }
        isRead = true;
        String text = own;
        if (found.isPresent()) {
            last = found.get().data().toString(StandardCharsets.UTF_8);
            if (!last.equals(text)) {
                // If it is older than this host's own, the listener answers with that.
                listener.accept(last);
            }
        } else if (text != null) {
            show(text);
        }
    }

    private void show(String text) {
        last = text;
        var unused = outlet.store(
                        subjects.trust(),
                        new Headers(),
                        Buffer.buffer(text),
                        PublishOptions.builder().build())
                .whenCompleteAsync(
                        (kept, failure) -> {
                            if (failure != null) {
                                failed.run();
                            }
                        },
                        thread);
    }
}
