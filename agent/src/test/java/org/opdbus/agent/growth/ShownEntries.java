// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Follows the agent's events of all hosts, as {@code op-dbus events -f --all-hosts} does, on a thread of its own, and
 * notes how long after it was recorded each entry of a peer is shown.
 */
final class ShownEntries implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUESTION = "{\"id\":1,\"method\":\"events\",\"params\":[{\"all_hosts\":true}]}";

    private final SocketChannel channel;
    private final List<Double> late = Collections.synchronizedList(new ArrayList<>());

    ShownEntries(Path controlSocket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(controlSocket));
        channel.write(ByteBuffer.wrap(QUESTION.getBytes(StandardCharsets.UTF_8)));
        Thread thread = new Thread(this::follow, "shown-entries");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        try (MappingIterator<JsonNode> messages =
                JSON.readerFor(JsonNode.class).readValues(Channels.newInputStream(channel))) {
            while (messages.hasNext()) {
                Instant now = Instant.now();
                JsonNode event = messages.next().path("params").path(0);
                if (event.has("height")) {
                    late.add(Duration.between(Instant.parse(event.path("time").asText()), now)
                                    .toNanos()
                            / 1e6);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (channel.isOpen()) {
                System.err.println("the agent's events ended: " + e);
            }
        }
    }

    /** Returns the delays so far in milliseconds, and forgets them. */
    List<Double> take() {
        synchronized (late) {
            List<Double> taken = List.copyOf(late);
            late.clear();
            return taken;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
