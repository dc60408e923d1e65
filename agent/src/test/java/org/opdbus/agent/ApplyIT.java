// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.Command.Result;

final class ApplyIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Scene scene = new Scene(Map.of());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        // Containers that the driver made are not the scene's: they go the way they came.
        for (JsonNode container : query().path("containers")) {
            run("container", "destroy", "--yes", container.path("id").asText());
        }
        scene.close();
    }

    @Test
    void the_seeds_workflow_with_an_agent() throws IOException {
        scene.start();
        workflow();
    }

    @Test
    void the_seeds_workflow_without_an_agent() throws IOException {
        scene.ovs.start();
        scene.ovs.addBridge(Scene.BRIDGE);
        workflow();
    }

    private void workflow() throws IOException {
        Path state = state("""
                [{"id": "100", "veth": "vi100", "bridge": "vmbr0", "running": true,
                  "properties": {"network_type": "bridge", "ipv4": "10.9.0.100/24", "memory": 64}},
                 {"id": "101", "properties": {"vlan": 20}}]""");

        Result diff = run("diff", "--exit-code", state.toString());
        assertThat(diff.status()).as(diff.toString()).isEqualTo(1);
        assertThat(JSON.readTree(diff.out()).at("/0/actions/0/Create/resource").asText()).isEqualTo("100");

        Result planned = run("apply", "--dry-run", state.toString());
        assertThat(planned.lines()).containsExactly("Would create container 100 and start it", "Would create container 101 and start it");

        Result first = run("apply", state.toString());
        assertThat(first.status()).as(first.toString()).isZero();
        assertThat(first.lines())
                .contains(
                        "Created container 100",
                        "Renamed veth to vi100",
                        "Added vi100 to bridge vmbr0",
                        "Created container 101",
                        "Added vi101 to bridge vmbr0",
                        "Blockchain footprint recorded");
        assertThat(first.err()).isEqualTo("2 created, 0 changed, 0 destroyed, 0 unchanged, 0 failed\n");
        assertThat(scene.ports()).containsExactlyInAnyOrder("vi100", "vi101");

        Result second = run("apply", state.toString());
        assertThat(second).isEqualTo(new Result(0, "", ""));
        assertThat(run("diff", "--exit-code", state.toString()).out().strip()).isEqualTo("[ ]");

        JsonNode container = query().path("containers").path(0);
        assertThat(container.path("id").asText()).isEqualTo("100");
        assertThat(container.path("veth").asText()).isEqualTo("vi100");
        assertThat(container.path("bridge").asText()).isEqualTo("vmbr0");
        assertThat(container.path("running").asBoolean()).isTrue();
        assertThat(container.at("/properties/ipv4").asText()).isEqualTo("10.9.0.100/24");
        assertThat(container.at("/properties/memory").asLong()).isEqualTo(64);
        assertThat(query().at("/containers/1/properties/vlan").asLong()).isEqualTo(20);
    }

    private Path state(String containers) throws IOException {
        return Files.writeString(
                folder.resolve("state.json"),
                "{\"version\": 1, \"plugins\": {\"lxc\": {\"containers\": " + containers + "}}}");
    }

    private Result run(String... arguments) {
        return Command.run(scene.agent.config(), arguments);
    }

    private JsonNode query() {
        Result query = run("query", "--plugin", "lxc");
        assertThat(query.status()).as(query.toString()).isZero();
        try {
            return JSON.readTree(query.out());
        } catch (IOException e) {
            throw new AssertionError(query.toString(), e);
        }
    }
}
