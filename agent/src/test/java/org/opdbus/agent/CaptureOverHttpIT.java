// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.packet.FrameSender;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** Captures over HTTP as Wireshark's plug-in asks for them, from a real agent and read by tcpdump. */
final class CaptureOverHttpIT {
    private static final String TOKEN = "0123456789abcdef0123";
    private static final String LAB = "cloonix_httplab";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Vertx vertx = Vertx.vertx();
    /** A client that no field holds is closed by the garbage collection, with its connections. */
    private final WebSocketClient sockets = vertx.createWebSocketClient();

    @TempDir
    private Path folder;

    private Path file;
    private TestHost scene;

    @BeforeEach
    void prepare() throws IOException {
        file = folder.resolve("read.pcapng");
        Path token = folder.resolve("token");
        Files.writeString(token, TOKEN);
        sh("chmod", "600", token.toString());
        scene = new TestHost(Map.of("http", Map.of("tokenFile", token.toString())));
    }

    @AfterEach
    void close() {
        scene.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        if (TestHost.linkExists("cap0")) {
            Links.delete("cap0");
        }
        Links.deleteNamespace(LAB);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080" + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path + ": " + e + "\n" + scene.agent.logText(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Returns the element of {@code /discover/mobyshark}, the address that the plug-in makes of the URL that its user gave. */
    private JsonNode target(String type, String name) throws IOException {
        HttpResponse<String> answer = get("/" + TOKEN + "/discover/mobyshark");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        for (JsonNode each : JSON.readTree(answer.body()).path("containers")) {
            if (each.path("type").asText().equals(type)
                    && each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError(type + " " + name + " is not in " + answer.body());
    }

    private static List<String> links(JsonNode target) {
        List<String> names = new ArrayList<>();
        target.path("network-interfaces").forEach(name -> names.add(name.asText()));
        return names;
    }

    private CaptureReader capture(String query, Path to) {
        return CaptureReader.open(sockets, "/" + TOKEN + "/capture?" + query, to)
                .awaitBegin();
    }

    private int refusal(String query) {
        return CaptureReader.refusal(sockets, new WebSocketConnectOptions().setURI("/" + TOKEN + "/capture?" + query));
    }

    private static List<String> read(Path file, String... filter) {
        List<String> words = new ArrayList<>(List.of("tcpdump", "-e", "-nn", "-r", file.toString()));
        words.addAll(List.of(filter));
        return sh(words.toArray(String[]::new))
                .lines()
                .filter(line -> line.contains(" > "))
                .toList();
    }

    private static void send(String link, int count) {
        byte[] frame = new byte[100];
        frame[0] = 2;
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        try (RtNetlink kernel = RtNetlink.open();
                FrameSender sender =
                        FrameSender.open(kernel.link(link).orElseThrow().index())) {
            for (int i = 0; i < count; i++) {
                sender.send(frame);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void addPair() {
        sh("sh", "-c", "for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do test ! -e $f || echo 1 >$f; done");
        Links.addVeth("cap0", "cap1");
        Links.setUp("cap0");
        Links.setUp("cap1");
    }

    private String inside(String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "-t", Long.toString(scene.lxc.initPid("100")), "-n"));
        words.addAll(List.of(command));
        return sh(words.toArray(String[]::new));
    }

    @Test
    void a_ping_of_a_container_is_captured_on_its_port_and_by_its_name() throws Exception {
        scene.start();
        scene.run(Definition.of("100").link(TestHost.BRIDGE).vlan(42));
        scene.awaitEnrolled("100", "vi100");
        inside("ip", "addr", "add", "10.7.0.1/24", "dev", "eth0");
        inside("ip", "link", "set", "eth0", "up");

        JsonNode container = target("lxc", "100");
        assertThat(links(container)).containsExactly("vi100");
        assertThat(container.path("netns").asText())
                .isEqualTo(sh("stat", "-Lc", "%i", "/proc/self/ns/net").strip());
        assertThat(links(target("bridge", TestHost.BRIDGE))).contains("vi100");
        String query = "container=" + encoded(container.toString()) + "&nif=vi100&filter=" + encoded("icmp or arp");
        Path command = folder.resolve("command.pcapng");
        try (CaptureReader reader = capture(query, file);
                CaptureProcess byName = CaptureProcess.start(
                        folder,
                        "100",
                        "-w",
                        command.toString(),
                        "--config",
                        scene.agent.config().toString())) {
            assertThat(sh("ip", "-d", "link", "show", "vi100")).contains("promiscuity 3");
            inside("sh", "-c", "ping -c 3 -i 0.2 -W 1 10.7.0.2 >/dev/null; true");
            eventually(() -> assertThat(read(file)).anyMatch(line -> line.contains("who-has 10.7.0.2")));
            assertThat(byName.end("TERM")).as(byName.messages()).isZero();
            assertThat(reader.isClosed()).isFalse();
        }
        assertThat(read(command)).anyMatch(line -> line.contains("who-has 10.7.0.2"));
        for (Path each : List.of(file, command)) {
            assertThat(CaptureFile.read(each).ports())
                    .extracting(CaptureFile.Port::description)
                    .containsExactly("container 100, bridge vmbr0, VLAN 42");
        }
        assertThat(CaptureFile.read(file).ports().get(0).filter()).isEqualTo("icmp or arp");
        // A client that left has left nothing.
        eventually(() -> assertThat(sh("ip", "-d", "link", "show", "vi100")).contains("promiscuity 1 "));
        assertThat(scene.agent.logText()).doesNotContain(TOKEN);
    }

    @Test
    void without_the_right_token_nothing_is_captured_or_listed() throws Exception {
        scene.agent.start();
        for (String path :
                List.of("/mobyshark", "/discover/mobyshark", "/wrong/discover/mobyshark", "/capture?nif=lo")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(401);
        }
        assertThat(get("/mobyshark", "Authorization", "Bearer " + TOKEN).statusCode())
                .isEqualTo(200);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(CaptureReader.refusal(sockets, new WebSocketConnectOptions().setURI("/capture?nif=lo")))
                .isEqualTo(401);
        assertThat(CaptureReader.refusal(
                        sockets,
                        new WebSocketConnectOptions()
                                .setURI("/capture?nif=lo")
                                .addHeader("Authorization", "Bearer " + TOKEN + "0")))
                .isEqualTo(401);
        scene.agent.kill();
        Files.delete(folder.resolve("token"));
        scene.agent.start();
        assertThat(get("/" + TOKEN + "/mobyshark").statusCode()).isEqualTo(403);
        assertThat(refusal("nif=lo")).isEqualTo(403);
    }

    @Test
    void what_cannot_be_captured_is_refused_and_a_fifth_capture_too() {
        scene.agent.start();
        assertThat(get("/" + TOKEN + "/capture?nif=lo").statusCode()).isEqualTo(426);
        assertThat(refusal("")).isEqualTo(400);
        assertThat(refusal("nif=no%20name")).isEqualTo(400);
        assertThat(refusal("nif=nope")).isEqualTo(400);
        assertThat(refusal("nif=lo&filter=" + encoded("no filter"))).isEqualTo(400);
        assertThat(refusal("container=" + encoded("{\"type\":"))).isEqualTo(400);
        assertThat(refusal("container=" + encoded("{\"type\":\"lxc\",\"name\":\"nope\"}")))
                .isEqualTo(404);
        assertThat(refusal("container=" + encoded("{\"type\":\"lab\",\"name\":\"../x\"}")))
                .isEqualTo(404);

        addPair();
        List<CaptureReader> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(capture("nif=cap0", folder.resolve("open" + i)));
        }
        assertThat(sh("ip", "-d", "link", "show", "cap0")).contains("promiscuity 4");
        assertThat(refusal("nif=cap0")).isEqualTo(503);
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        open.remove(0).close();
        open.add(eventually(() -> CaptureReader.open(sockets, "/" + TOKEN + "/capture?nif=cap0&chaste", file)));
        open.get(3).awaitBegin();
        assertThat(sh("ip", "-d", "link", "show", "cap0")).contains("promiscuity 3");
        open.forEach(CaptureReader::close);
        eventually(() -> assertThat(sh("ip", "-d", "link", "show", "cap0")).contains("promiscuity 0"));
    }

    @Test
    void a_slow_reader_loses_frames_that_are_counted_and_another_reader_none() {
        int sent = 300_000;
        scene.agent.start();
        addPair();
        Path quick = folder.resolve("quick.pcapng");
        try (CaptureReader slow = capture("nif=cap0", file);
                CaptureReader other = capture("nif=cap0&filter=" + encoded("len = 100 and ether[99] = 0"), quick)) {
            slow.pause();
            send("cap1", sent);
            slow.resume();
            // Both captures end when their only port has been gone for a while.
            Links.delete("cap0");
            eventually(() -> assertThat(slow.isClosed() && other.isClosed()).isTrue());
        }
        CaptureFile read = CaptureFile.read(file);
        CaptureFile.Port port = read.ports().get(0);
        assertThat(port.received()).isEqualTo(sent);
        assertThat(port.dropped()).isPositive();
        assertThat(read.frames()).hasSize((int) (sent - port.dropped()));
        CaptureFile.Port otherPort = CaptureFile.read(quick).ports().get(0);
        assertThat(otherPort.received()).isEqualTo(sent);
        assertThat(CaptureFile.read(quick).frames()).hasSize((int) (sent - otherPort.dropped()));
        assertThat(new ProcessFigures(scene.agent.pid()).residentMaxKib()).isLessThan(200 << 10);
    }

    @Test
    void two_captures_of_the_link_by_which_they_travel_have_neither_of_their_streams() {
        scene.agent.start();
        Path second = folder.resolve("second.pcapng");
        try (CaptureReader one = capture("nif=lo", file);
                CaptureReader two = capture("nif=lo", second)) {
            pings(5, List.of(file, second));
            assertThat(read(second, "tcp", "port", "8080")).isEmpty();
            // The first capture has how the second one was opened, and nothing of its stream.
            int opening = eventually(() -> read(file, "tcp", "port", "8080")).size();
            pings(10, List.of(file, second));
            assertThat(read(file, "tcp", "port", "8080")).hasSize(opening);
            assertThat(read(second, "tcp", "port", "8080")).isEmpty();
            assertThat(one.isClosed() || two.isClosed()).isFalse();
        }
    }

    private static void pings(int all, List<Path> files) {
        sh("ping", "-c", "5", "-i", "0.2", "127.0.0.1");
        for (Path each : files) {
            eventually(() -> assertThat(read(each, "icmp[0] = 8")).hasSizeGreaterThanOrEqualTo(all));
        }
    }

    @Test
    void a_link_of_a_lab_is_listed_and_captured() throws Exception {
        Links.addNamespace(LAB);
        Links.ipInside(LAB, "link", "add", "_k_1_0", "type", "veth", "peer", "name", "p");
        Links.ipInside(LAB, "link", "set", "_k_1_0", "up");
        Links.ipInside(LAB, "link", "set", "p", "up");
        scene.agent.start();
        JsonNode lab = target("lab", "httplab");
        assertThat(links(lab)).containsExactly("_k_1_0", "p");
        try (CaptureReader reader = capture("container=" + encoded(lab.toString()) + "&nif=_k_1_0&filter=arp", file)) {
            Links.ipInside(LAB, "addr", "add", "192.0.2.1/24", "dev", "p");
            sh("sh", "-c", "ip netns exec " + LAB + " ping -c 1 -W 1 192.0.2.2 >/dev/null; true");
            eventually(() -> assertThat(read(file)).anyMatch(line -> line.contains("who-has 192.0.2.2")));
            assertThat(reader.isClosed()).isFalse();
        }
    }
}
