// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.impl.Headers;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.verticles.cluster.nats.HostToken;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.cluster.wire.Message.Entries;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.cluster.wire.SignedMessage;

/** A NATS system: all hosts share one connection, which may publish for each. */
public final class NatsWire implements PlayedWire {
    private static final String MARK = "Op-Dbus-Entries";

    private final String agent;
    private final int hosts;
    private final Subjects subjects;
    private final Connection connection;
    private final JetStream streams;
    /** The agent's entries in the stream so far, which are few. */
    private final List<Buffer> stored = new CopyOnWriteArrayList<>();

    private volatile BiConsumer<String, Buffer> read = (host, entries) -> {};
    private final AtomicLong refused = new AtomicLong();

    /** Connects. */
    public NatsWire(String agent, int hosts, String prefix, List<String> servers, SSLContext tls)
            throws IOException, InterruptedException {
        this.agent = agent;
        this.hosts = hosts;
        subjects = new Subjects(prefix);
        connection = Nats.connect(new Options.Builder()
                .servers(servers.toArray(String[]::new))
                .sslContext(tls)
                .connectionName("played hosts")
                .build());
        streams = connection.jetStream();
    }

    @Override
    public void head(String from, Buffer head) {
        store(subjects.head(from), new Headers(), head);
    }

    private void store(String subject, Headers headers, Buffer message) {
        var unused = streams.publishAsync(subject, headers, message.getBytes()).whenComplete((kept, failure) -> {
            if (failure != null) {
                refused.incrementAndGet();
            }
        });
    }

    @Override
    public void facts(String from, Buffer facts) {
        connection.publish(subjects.facts(from), facts.getBytes());
    }

    @Override
    public int recorded(String from, Entries entries, MessageSigner signer) {
        long last = entries.from() + entries.lines().size() - 1;
        String line = entries.lines().get(entries.lines().size() - 1);
        String hash = EntryFormat.parse(line.getBytes(StandardCharsets.UTF_8)).hash();
        Buffer message = SignedMessage.write(entries, "", signer);
        store(subjects.entries(from), new Headers().put(MARK, entries.from() + "-" + last + " " + hash), message);
        return message.length();
    }

    /** Reads what the stream has, as a host does; here it has been read already, for all hosts at once. */
    @Override
    public boolean fetch(String from, Buffer question) {
        stored.forEach(entries -> read.accept(from, entries));
        return false;
    }

    @Override
    public void send(String from, Buffer message) {
        connection.publish(subjects.to(agent, from), message.getBytes());
    }

    @Override
    public void receive(BiConsumer<String, Buffer> toOne, Consumer<Buffer> toAll) {
        read = toOne;
        Dispatcher dispatcher = connection.createDispatcher(message -> toAll.accept(Buffer.buffer(message.getData())));
        dispatcher.subscribe(subjects.head(agent));
        dispatcher.subscribe(subjects.facts(agent));
        dispatcher.subscribe(
                subjects.to("*", agent).replace(HostToken.of("*"), "*"),
                message -> receiver(message).ifPresent(host -> toOne.accept(host, Buffer.buffer(message.getData()))));
        try {
            // From the first one on, and then as they come.
            var unused = streams.subscribe(
                    subjects.entries(agent),
                    dispatcher,
                    message -> {
                        Buffer entries = Buffer.buffer(message.getData());
                        stored.add(entries);
                        toAll.accept(entries);
                    },
                    false,
                    PushSubscribeOptions.builder().ordered(true).build());
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException("the agent's entries cannot be read", e);
        }
    }

    /** Returns the host that a message is for: the third word of its subject. */
    private static Optional<String> receiver(Message message) {
        return HostToken.host(message.getSubject().split("\\.", -1)[2]);
    }

    @Override
    public String leftOut() {
        return (hosts - 1)
                + " TLS connections to the servers, which have more to do for them; messages that the servers refused"
                + " or did not confirm so far: " + refused.get();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
