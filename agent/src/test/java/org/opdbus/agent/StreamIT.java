// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of a real agent, by clients whose connections are cut, and of an agent that is killed under them. */
final class StreamIT {
    private static final int PORTS = 60;

    private final TestHost scene = new TestHost(Map.of());
    private final Path loaded = scene.agent.folder().resolve("loaded");

    @BeforeEach
    void start() {
        scene.agent.environment(Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded));
        scene.start();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void a_client_that_is_cut_off_anywhere_misses_nothing_and_gets_nothing_twice() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("StreamIT: -Dseed=" + seed);
        Random random = new Random(seed);
        try (StreamClient steady = new StreamClient();
                StreamClient cut = new StreamClient()) {
            steady.connect();
            cut.connect();
            steady.readAll(300);
            Thread changes = new Thread(this::change);
            changes.start();
            int cuts = 0;
            while (changes.isAlive()) {
                if (!cut.read(1 + random.nextInt(5_000), 20) || random.nextInt(3) == 0) {
                    cut.connect();
                    cuts++;
                }
                steady.read(8_192, 1);
            }
            changes.join();
            cut.connect();
            settle(steady, cut);

            assertThat(cuts).isGreaterThan(5);
            // The steady one has come by changes to where a new one begins.
            assertThat(steady.model.count("snapshot")).isEqualTo(1);
            assertThat(steady.model.picture).isEqualTo(cut.model.picture);
            assertThat(steady.model.picture).isEqualTo(fresh());
            Map<Long, JsonObject> last = new TreeMap<>(steady.model.events);
            last.keySet().retainAll(cut.model.events.keySet());
            assertThat(last).isEqualTo(cut.model.events);
            assertThat(cut.model.count("gap")).isZero();
            assertThat(cut.model.events).hasSizeGreaterThan(PORTS);
            assertThat(scene.agent.container("100").path("state").asText()).isEqualTo("enrolled");
            assertThat(steady.model.find("containers", "test/100").map(found -> found.getString("state")))
                    .contains("enrolled");
        }
    }

    @Test
    void clients_of_an_agent_that_was_killed_begin_anew_with_the_next() throws Exception {
        try (StreamClient client = new StreamClient()) {
            client.connect();
            scene.run("100");
            eventually(() -> {
                client.readAll(100);
                assertThat(client.model.find("containers", "test/100").map(found -> found.getString("state")))
                        .contains("enrolled");
            });
            String run = client.model.run();
            scene.agent.kill();
            scene.lxc.stopAll(List.of("100"));
            client.readAll(1_000);
            scene.agent.start();
            client.connect();
            eventually(() -> {
                client.readAll(100);
                assertThat(client.model.run()).isNotEqualTo(run);
                assertThat(client.model.picture).isEqualTo(fresh());
                assertThat(client.model.find("containers", "test/100").map(found -> found.getBoolean("running")))
                        .contains(false);
            });
            assertThat(client.model.count("snapshot")).isEqualTo(2);
        }
    }

    @Test
    void clients_that_read_nothing_harm_nobody_else() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (StreamClient client = new StreamClient()) {
            for (int i = 0; i < 30; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), 8080);
                socket.getOutputStream()
                        .write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            eventually(() -> client.connect());
            change();
            scene.awaitEnrolled("100", "vi100");
            eventually(() -> {
                client.readAll(100);
                assertThat(client.model.picture).isEqualTo(fresh());
            });
            assertThat(new ProcessFigures(scene.agent.pid()).residentMaxKib())
                    .as("KiB resident at most")
                    .isLessThan(150 << 10);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void nothing_of_the_stream_is_loaded_before_its_first_reader() throws IOException {
        String classes = "org.opdbus.verticles.http.stream.";
        assertThat(Files.readString(loaded)).doesNotContain("org.opdbus.verticles.http.events.");
        assertThat(Files.readString(loaded))
                .contains("org.opdbus.verticles.http.HttpVerticle")
                .doesNotContain(classes);
        try (StreamClient client = new StreamClient()) {
            client.connect();
        }
        assertThat(Files.readString(loaded)).contains(classes);
    }

    @Test
    void what_is_not_a_topic_is_refused() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 8080)) {
            socket.getOutputStream()
                    .write(String.join(
                                    "\r\n",
                                    "GET /api/v1/stream?topics=inventory,gossip HTTP/1.1",
                                    "Host: localhost",
                                    "Connection: close",
                                    "",
                                    "")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("inventory,events,figures");
        }
    }

    /** A container comes, and many ports come and go. */
    private void change() {
        for (int i = 0; i < PORTS; i++) {
            scene.ovs.vsctl("add-port", TestHost.BRIDGE, "p" + i, "--", "set", "Interface", "p" + i, "type=internal");
            if (i == PORTS / 3) {
                scene.run("100");
            }
            if (i % 2 == 0) {
                scene.ovs.vsctl("del-port", TestHost.BRIDGE, "p" + i);
            }
        }
        scene.awaitEnrolled("100", "vi100");
    }

    private static void settle(StreamClient one, StreamClient other) {
        eventually(() -> {
            one.readAll(200);
            other.readAll(200);
            assertThat(one.model.version()).isEqualTo(other.model.version());
            assertThat(one.model.event()).isEqualTo(other.model.event());
        });
    }

    private static Map<String, Map<String, JsonObject>> fresh() throws IOException {
        try (StreamClient fresh = new StreamClient()) {
            fresh.connect("?topics=inventory");
            fresh.readAll(200);
            return fresh.model.picture;
        }
    }
}
