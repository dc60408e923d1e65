// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.opdbus.verticles.testing.DatagramListener;

/** Asks every face of an agent how its host stands, and compares what they say. */
final class Faces implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AgentProcess agent;
    private final HttpClient client = HttpClient.newHttpClient();
    private final DatagramListener manager;
    private String status = "";

    /** Those of an agent that has not been started yet. */
    Faces(AgentProcess agent) {
        this.agent = agent;
        String address = "@op-dbus/test/" + UUID.randomUUID();
        agent.environment(Map.of("NOTIFY_SOCKET", address));
        try {
            manager = DatagramListener.at(address);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What one face says of a container. */
    private record Said(boolean running, String state, String veth, String bridge) {}

    /**
     * What a face says of a port.
     *
     * @param vlan its access VLAN, as text; empty for none
     */
    private record Port(String bridge, String vlan, int ofport) {}

    /** Checks that every face answers while the host changes. */
    void ask() {
        assertThat(query().isMissingNode()).isFalse();
        assertThat(rows("lxc").isArray()).isTrue();
        assertThat(get("/metrics")).contains("op_dbus_containers");
        assertThat(get("/readyz")).contains("\"ready\"");
    }

    /** Every face says the same. */
    void agree() {
        Map<String, Said> queried = new TreeMap<>();
        Map<String, Port> linked = new TreeMap<>();
        int live = 0;
        for (JsonNode container : queried()) {
            Optional<JsonNode> first = Optional.of(container.at("/links/0")).filter(JsonNode::isObject);
            queried.put(
                    container.path("id").asText(),
                    new Said(
                            container.path("running").asBoolean(),
                            container.path("state").asText(),
                            container.path("veth").asText(),
                            first.map(link -> link.path("bridge").asText()).orElse("")));
            for (JsonNode link : container.path("links")) {
                if (link.has("bridge")) {
                    linked.put(
                            link.path("name").asText(),
                            new Port(
                                    link.path("bridge").asText(),
                                    link.path("vlan").asText(),
                                    link.path("ofport").asInt()));
                }
                live += container.path("state").asText().equals("enrolled")
                                && link.path("ofport").asInt() > 0
                        ? 1
                        : 0;
            }
        }
        assertThat(containers()).as("NonNet's containers").isEqualTo(queried);
        assertThat(ports()).as("NonNet's ports").containsAllEntriesOf(linked);
        agree(queried, live);
    }

    private void agree(Map<String, Said> queried, int live) {
        String metrics = get("/metrics");
        Map<String, Integer> states = new TreeMap<>();
        queried.values().forEach(said -> states.merge(said.state(), 1, Integer::sum));
        List<String> expected = new ArrayList<>(List.of("op_dbus_ports " + live + ".0"));
        for (String state : List.of("stopped", "left-alone", "working", "enrolled", "refused")) {
            expected.add("op_dbus_containers{state=\"" + state + "\"} " + states.getOrDefault(state, 0) + ".0");
        }
        assertThat(metrics).contains(expected);

        JsonNode host = rows("host").get(0);
        assertThat(metrics)
                .contains("op_dbus_ledger_height " + host.path("ledger_height").asLong() + ".0");
        String ready = get("/readyz");
        host.path("sources")
                .path(1)
                .forEach(source -> assertThat(ready)
                        .contains("\"" + source.path(0).asText() + "\" : \""
                                + source.path(1).asText() + "\""));
        long running = queried.values().stream().filter(Said::running).count();
        assertThat(status())
                .isEqualTo("STATUS=Containers: " + running + " running, " + states.getOrDefault("enrolled", 0)
                        + " enrolled, " + states.getOrDefault("refused", 0) + " refused; ports: " + live);
    }

    private JsonNode query() {
        return agent.ask("query", "lxc");
    }

    private List<JsonNode> queried() {
        List<JsonNode> all = new ArrayList<>();
        query().path("containers").forEach(all::add);
        agent.ask("query", "docker").path("containers").forEach(all::add);
        return all;
    }

    private Map<String, Said> containers() {
        Map<String, Said> containers = new TreeMap<>();
        List<JsonNode> rows = new ArrayList<>();
        rows("lxc").forEach(rows::add);
        rows("docker").forEach(rows::add);
        for (JsonNode row : rows) {
            containers.put(
                    row.path("id").asText(),
                    new Said(
                            row.path("running").asBoolean(),
                            row.path("state").asText(),
                            row.path("veth").asText(),
                            row.path("bridge").asText()));
        }
        return containers;
    }

    private Map<String, Port> ports() {
        Map<String, Port> ports = new TreeMap<>();
        for (JsonNode row : rows("port")) {
            ports.put(
                    row.path("name").asText(),
                    new Port(
                            row.path("bridge").asText(),
                            row.path("tag").isNumber() ? row.path("tag").asText() : "",
                            row.path("ofport").asInt(0)));
        }
        return ports;
    }

    /** The rows of a table of the NonNet DB. */
    private JsonNode rows(String table) {
        String request = "{\"id\":1,\"method\":\"transact\",\"params\":[\"OpNonNet\",{\"op\":\"select\",\"table\":\""
                + table + "\",\"where\":[]}]}";
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(agent.controlSocket().resolveSibling("nonnet.db.sock")));
            socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            JsonNode answer = JSON.readTree(JSON.createParser(Channels.newInputStream(socket)));
            return answer.at("/result/0/rows");
        } catch (IOException e) {
            throw new AssertionError("the NonNet DB does not answer: " + e + "\n" + agent.logText(), e);
        }
    }

    private String get(String path) {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080" + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(path + ": " + e + "\n" + agent.logText(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The last line of status that the service manager was given. */
    private String status() {
        Optional<String> said = manager.next(Duration.ZERO);
        while (said.isPresent()) {
            status = said.get().startsWith("STATUS=Containers") ? said.get() : status;
            said = manager.next(Duration.ZERO);
        }
        return status;
    }

    @Override
    public void close() {
        manager.close();
    }
}
