// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;

/** What Docker 20.10.24 answered, and engines that do not answer as they should. */
final class DockerReaderTest {
    private static final Duration GENEROUS = Duration.ofSeconds(60);
    private static final String VERSION = "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}";

    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Link link(int index, String name, int master) {
        return new Link(index, new LinkName(name), List.of(), "veth", Optional.empty(), 0, 0, master, true, true);
    }

    @Test
    void bridges_and_the_links_on_them_are_dockers() throws IOException {
        HostLinks host = new HostLinks(
                List.of(
                        link(1, "lo", 0),
                        link(2, "docker0", 0),
                        link(3, "br-a5e3405b683f", 0),
                        link(4, "veth354a1bc", 3),
                        link(5, "veth3d3ba19", 2),
                        link(6, "eth1", 2),
                        link(7, "veth7654321", 2),
                        link(8, "veth1234567", 0)),
                List.of(),
                Map.of(),
                Map.of(7, new ContainerId("101")));

        List<Claim> claims = DockerReader.claims(new JsonArray(networks()), host);
        assertThat(claims)
                .extracting(Claim::link)
                .containsExactlyInAnyOrder("docker0", "br-a5e3405b683f", "veth354a1bc", "veth3d3ba19");
        assertThat(claims)
                .contains(new Claim(
                        "br-a5e3405b683f", Owner.DOCKER, "network mine", "/run/docker.sock: network a5e3405b683f"));
    }

    @Test
    void a_list_of_anything_else_says_nothing() {
        JsonArray strange = new JsonArray("[1,null,\"x\",{},{\"Driver\":\"bridge\",\"Id\":5,\"Options\":[]}]");
        assertThat(DockerReader.claims(strange, HostLinks.of(List.of(link(1, "br-", 0), link(2, "lo", 0)))))
                .extracting(Claim::link)
                .containsExactly("br-");
    }

    @Test
    void the_engine_is_asked_in_a_version_that_it_offers() throws IOException {
        String networks = networks();
        listen(socket -> socket.handler(request -> {
            String path = path(request);
            socket.write(answer("", path.equals("/version") ? VERSION : networks));
        }));

        Ownership found = read(GENEROUS);
        assertThat(found.troubles()).isEmpty();
        assertThat(found.of("docker0")).extracting(Claim::owner).containsExactly(Owner.DOCKER);
        assertThat(asked).containsExactly("/version", "/v1.41/networks");
    }

    @Test
    void a_version_that_is_none_is_not_used() {
        listen(socket -> socket.handler(request -> {
            path(request);
            socket.write(answer("", "{\"ApiVersion\":\"1.41/../../containers\"}"));
        }));

        assertThat(read(GENEROUS).troubles())
                .containsExactly(
                        "Docker: the answer to GET /version has no ApiVersion; links that it owns may show no owner");
        assertThat(asked).containsExactly("/version");
    }

    @Test
    void an_engine_that_does_not_answer_is_told() {
        listen(socket -> socket.handler(request -> path(request)));

        assertThat(read(Duration.ofMillis(200)).troubles())
                .containsExactly(
                        "Docker: no answer to GET /version within 200 ms; links that it owns may show no owner");
    }

    @Test
    void an_answer_without_end_is_cut() {
        Buffer piece = Buffer.buffer(" ".repeat(1 << 20));
        listen(socket -> socket.handler(request -> {
            if (path(request).equals("/version")) {
                socket.write(answer("", VERSION));
                return;
            }
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            for (int i = 0; i < 6; i++) {
                socket.write(piece);
            }
        }));

        assertThat(read(GENEROUS).troubles()).singleElement().asString().contains("more than 4194304 bytes");
    }

    @Test
    void a_refusal_and_nonsense_are_told() {
        Queue<String> answers = new ConcurrentLinkedQueue<>(List.of(
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", answer("", VERSION), answer("", "{\"a\":1}")));
        listen(socket -> socket.handler(request -> {
            path(request);
            socket.write(String.valueOf(answers.poll()));
        }));

        assertThat(read(GENEROUS).troubles()).singleElement().asString().contains("403");
        assertThat(read(GENEROUS).troubles()).singleElement().asString().contains("no list of networks");
    }

    private Ownership read(Duration limit) {
        OwnershipSources sources = new OwnershipSources(folder, "unix:path=/nowhere", limit, GENEROUS);
        HostLinks host = HostLinks.of(List.of(link(2, "docker0", 0)));
        try (OwnershipReaders readers = new OwnershipReaders(List.of(new DockerReader(vertx, sources)), sources)) {
            return readers.read(host).blockingGet();
        }
    }

    private void listen(Handler<NetSocket> engine) {
        Path socket = folder.resolve("run/docker.sock");
        try {
            Files.createDirectories(socket.resolveSibling(""));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        vertx.createNetServer()
                .connectHandler(engine)
                .listen(SocketAddress.domainSocketAddress(socket.toString()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private String path(Buffer request) {
        String path = request.toString(StandardCharsets.US_ASCII).split(" ", 3)[1];
        asked.add(path);
        return path;
    }

    private static String answer(String header, String body) {
        return "HTTP/1.1 200 OK\r\n" + header + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n" + body;
    }

    private static String networks() throws IOException {
        try (InputStream in = DockerReaderTest.class.getResourceAsStream("/docker-20.10.24/networks.json")) {
            if (in == null) {
                throw new IllegalStateException("the answer of Docker is not among the resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
