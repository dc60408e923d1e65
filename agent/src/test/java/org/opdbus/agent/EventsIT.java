// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.Command.Result;

final class EventsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Scene scene = new Scene(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void a_filter_lets_through_what_it_names() {
        scene.start();
        Command events = Command.start(
                scene.agent.config(), "events", "-f", "--filter", "kind=container.*,kind=link.renamed,container=101");
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        // Whether the other program listens by now shows when something comes; a port that is removed is made anew.
        eventually(() -> {
            Scene.sh("ovs-vsctl", "--db=unix:" + scene.ovs.socket(), "--if-exists", "del-port", "vi101");
            if (scene.agent.container("101").isMissingNode()) {
                scene.run("101");
            }
            assertThat(events.out()).contains("\"kind\":\"container.enrolled\"");
        });
        events.kill();
        assertThat(events.out().lines())
                .allMatch(line -> line.contains("\"subject\":\"101\""))
                .noneMatch(line -> line.contains("\"kind\":\"port.") || line.contains("\"kind\":\"drift."));
        Result wrong = Command.run(scene.agent.config(), "events", "-f", "--filter", "colour=red");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("must be kind=");
    }

    @Test
    void a_slow_reader_is_told_how_many_events_it_missed() throws IOException {
        scene.start();
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(scene.agent.controlSocket()));
            socket.write(
                    ByteBuffer.wrap("{\"id\":1,\"method\":\"events\",\"params\":[]}".getBytes(StandardCharsets.UTF_8)));
            // Links of strangers, ten thousand events of them, while nobody reads.
            String many = "i=0; while [ $i -lt 2500 ]; do echo link add s$i type veth peer name t$i; i=$((i+1)); done";
            Scene.sh("sh", "-c", many + " | ip -batch -");
            HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/metrics"))
                    .build();
            HttpClient client = HttpClient.newHttpClient();
            eventually(() -> assertThat(client.sendAsync(metrics, BodyHandlers.ofString())
                            .join()
                            .body())
                    .containsPattern("op_dbus_events_total\\{kind=\"link.appeared\"\\} [5-9]\\d{3}"));
            MappingIterator<JsonNode> messages =
                    JSON.readerFor(JsonNode.class).readValues(Channels.newInputStream(socket));
            int read = 0;
            int missed = 0;
            while (missed == 0) {
                JsonNode line = messages.next().path("params").path(0);
                read++;
                missed = line.path("kind").asText().equals("events.missed")
                        ? line.at("/data/count").asInt()
                        : 0;
                if (read % 500 == 0) {
                    // It is told with the next event that there is room for.
                    Scene.sh("ip", "link", "set", "s1", read % 1000 == 0 ? "up" : "down");
                }
            }
            assertThat(read).isGreaterThan(1);
            assertThat(missed).isPositive();
        }
    }
}
