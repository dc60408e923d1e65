// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.ledger.LedgerOptions;

/** The resources of a real agent, beside what its commands say. */
final class ApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/api/v1" + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<String> texts(JsonNode items, String key) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path(key).asText())
                .toList();
    }

    @Test
    void an_enrolled_container_is_shown_with_its_port_and_its_entry_is_proved() throws Exception {
        scene.start();
        assertThat(json("/events").path("items")).isEmpty();
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");

        eventually(() -> assertThat(
                        json("/ports?container=100").at("/items/0/entry").asLong())
                .isPositive());
        JsonNode container = json("/containers/100");
        assertThat(container.path("state").asText()).isEqualTo("enrolled");
        assertThat(container.path("links"))
                .isEqualTo(scene.agent.container("100").path("links"));
        JsonNode port = json("/ports?container=100").at("/items/0");
        assertThat(port.path("live").asBoolean()).isTrue();
        assertThat(json("/links/" + container.at("/links/0/index").asText())
                        .path("name")
                        .asText())
                .isEqualTo("vi100");
        assertThat(texts(json("/bridges").path("items"), "name")).contains(TestHost.BRIDGE);

        String height = port.path("entry").asText();
        JsonNode entry = json("/entries/" + height);
        assertThat(entry.path("kind").asText()).isEqualTo("container.enrolled");
        assertThat(json("/entries?kind=container.enrolled&subject=100").at("/items/0"))
                .isEqualTo(entry);
        assertThat(texts(json("/events").path("items"), "kind")).contains("container.enrolled");

        Path proof = Files.writeString(
                scene.agent.folder().resolve("proof"),
                get("/entries/" + height + "/proof").body());
        Path key = LedgerOptions.publicKeyFileFor(scene.agent.ledgerDir());
        assertThat(TestCommand.run(
                                scene.agent.config(),
                                "ledger",
                                "prove",
                                "--check",
                                proof.toString(),
                                "--key",
                                key.toString())
                        .out())
                .contains("proved: entry " + height + " is one of");
        assertThat(get("/ledger/verify").body()).contains("event: result\ndata: {\"verdict\":\"intact\"");
        assertThat(json("/host").path("ready").asBoolean()).isTrue();
    }

    @Test
    void findings_are_those_of_doctor_without_those_about_the_agent_itself() throws Exception {
        scene.start();
        JsonNode doctor = JSON.readTree(
                TestCommand.run(scene.agent.config(), "doctor", "--json").out());
        Set<String> wanted = new TreeSet<>(texts(doctor.path("findings"), "check"));
        wanted.removeAll(Set.of("agent", "configuration"));
        assertThat(wanted).contains("ledger", "openvswitch", "containers");
        assertThat(new TreeSet<>(texts(json("/findings").path("items"), "check")))
                .isEqualTo(wanted);
    }
}
