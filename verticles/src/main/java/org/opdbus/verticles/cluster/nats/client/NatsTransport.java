// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.ClusterTransport;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.nats.LedgerOutbox;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.TaskThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport on one connection. What streams keep is heard when it is published, too, like everything else, and without
 * a stream; the streams are read only for what this host has missed.
 *
 * <p>Overflow rule: at most {@value #WAITING_MAX} messages of {@value #WAITING_BYTES_MAX} bytes wait for the receiver;
 * another one is dropped.
 */
final class NatsTransport implements ClusterTransport {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int WAITING_MAX = 4_096;
    private static final long WAITING_BYTES_MAX = 16L << 20;
    /** So many stored heads are read, as hosts are known at most, and some that were removed. */
    private static final int HEADS_MAX = 2_048;

    private final Inputs inputs;
    private final LedgerPublisher publisher;
    private final StoredMessages entries;
    private final StoredMessages heads;

    /** The reader of the present subscription; for the thread of the link. */
    private @Nullable EntryReader reader;

    private @Nullable Consumer<Buffer> unread;

    /**
     * What a transport uses of its link.
     *
     * @param self this host
     * @param removed the hosts that were removed from the cluster
     * @param check makes sure that the streams are there, and then has {@link #readOn} called
     */
    record Inputs(
            String self,
            Connection connection,
            Subjects subjects,
            Outlet outlet,
            TaskThread thread,
            PeerWarnings warnings,
            Supplier<Set<String>> removed,
            Runnable check) {}

    NatsTransport(Inputs inputs, LedgerOutbox outbox) {
        this.inputs = inputs;
        entries = new StoredMessages(inputs.connection(), inputs.subjects().entriesStream());
        heads = new StoredMessages(inputs.connection(), inputs.subjects().headsStream());
        publisher = new LedgerPublisher(
                inputs.self(),
                inputs.subjects(),
                outbox,
                inputs.outlet(),
                entries,
                inputs.thread(),
                inputs.warnings(),
                inputs.check());
    }

    @Override
    public void publishHead(Buffer head) {
        inputs.thread().execute(() -> publisher.publish(head));
    }

    @Override
    public void publishFacts(Collection<String> hosts, Buffer facts) {
        inputs.outlet().publish(inputs.subjects().facts(inputs.self()), facts);
    }

    @Override
    public void fetchEntries(String host, long from, Buffer question) {
        inputs.thread().execute(() -> {
            EntryReader open = reader;
            if (open != null) {
                open.fetch(host, from, question);
            }
        });
    }

    @Override
    public void send(String host, Buffer message) {
        inputs.outlet().publish(inputs.subjects().to(host, inputs.self()), message);
    }

    @Override
    public Disposable receive(String self, Consumer<Buffer> receiver) {
        Dispatcher dispatcher;
        try {
            dispatcher =
                    inputs.connection().createDispatcher(message -> receiver.accept(Buffer.buffer(message.getData())));
            dispatcher.setPendingLimits(WAITING_MAX, WAITING_BYTES_MAX);
            inputs.subjects().heard(self).forEach(dispatcher::subscribe);
        } catch (IllegalStateException ended) {
            // The owner of the link hears of its end, too.
            return Disposable.disposed();
        }
        inputs.thread().execute(() -> {
            reader = new EntryReader(inputs.subjects(), entries, inputs.thread(), this::send, receiver);
            unread = receiver;
            inputs.check().run();
        });
        return Disposable.fromAction(() -> {
            try {
                inputs.connection().closeDispatcher(dispatcher);
            } catch (RuntimeException ended) {
                // While the connection ends by itself, the library was seen to throw others, too.
                LOG.debug("cluster: NATS: the subscription ended with its link");
            }
            inputs.thread().execute(() -> {
                reader = null;
                publisher.close();
            });
        });
    }

    /** The streams are there: goes on with what needs them. For the thread of the link. */
    void readOn() {
        if (reader != null) {
            publisher.begin();
            Consumer<Buffer> receiver = unread;
            if (receiver != null) {
                unread = null;
                readHeads(1, 0, receiver);
            }
        }
    }

    /** Reads the heads that were published before this host listened, of which only those of absent hosts are news. */
    private void readHeads(long from, int read, Consumer<Buffer> receiver) {
        if (read == HEADS_MAX || reader == null) {
            return;
        }
        var unused = heads.next(from, inputs.subjects().allHeads())
                .whenCompleteAsync(
                        (found, failure) -> {
                            if (failure != null || found == null) {
                                unread = receiver;
                                inputs.check().run();
                            } else if (found.isPresent()) {
                                if (!isOfRemoved(found.get())) {
                                    receiver.accept(found.get().data());
                                }
                                readHeads(found.get().sequence() + 1, read + 1, receiver);
                            }
                        },
                        inputs.thread());
    }

    /** A removed host's last head stays for some days, and would count as a forgery. */
    private boolean isOfRemoved(StoredMessages.Stored head) {
        return inputs.removed().get().stream()
                .anyMatch(host -> inputs.subjects().head(host).equals(head.subject()));
    }
}
