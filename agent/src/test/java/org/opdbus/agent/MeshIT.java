// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.Command.Result;
import org.opdbus.verticles.netmaker.MeshServer;

/** A state file's containers in a mesh: doubles of netclient and its server, everything else real, the tunnels too. */
final class MeshIT {
    private static final String SERVER = "10.9.0.1";

    private final Path tokens = newFile();
    private final Scene scene =
            new Scene(Map.of("netmaker", Map.of("envFile", tokens.toString(), "netclient", "netclient")));

    @AfterEach
    void close() {
        scene.destroyAll();
        scene.close();
    }

    @Test
    void declared_containers_join_their_mesh_and_reach_each_other_through_it() throws IOException {
        scene.start();
        Scene.sh("ip", "address", "add", SERVER + "/24", "dev", Scene.BRIDGE);
        Scene.sh("ip", "link", "set", Scene.BRIDGE, "up");
        try (MeshServer server = new MeshServer(SERVER, 8443)) {
            String first = server.token(1);
            String second = server.token(1);
            tokens(
                    "NETMAKER_TOKEN=" + first,
                    "export NETMAKER_TOKEN_PROD='" + second + "'",
                    "JWT=eyJhbGciOiJIUzI1NiJ9.e30.x");

            // Without a token that can be one, nothing is created.
            Result unknown = apply(false, "NETMAKER_TOKEN", "NO_SUCH_TOKEN");
            assertThat(unknown.status()).isEqualTo(1);
            assertThat(unknown.err()).contains("container 101: mesh: ", "NO_SUCH_TOKEN", "NETMAKER_TOKEN_PROD");
            Result jwt = apply(false, "NETMAKER_TOKEN", "JWT");
            assertThat(jwt.err())
                    .contains("this is not a Netmaker enrolment token")
                    .doesNotContain("eyJ");
            assertThat(scene.agent.container("101").isMissingNode()).isTrue();

            Command.run(scene.agent.config(), "container", "destroy", "--yes", "100");
            assertThat(apply(false, "NETMAKER_TOKEN", "NETMAKER_TOKEN_PROD").status())
                    .isZero();
            prepare("100");
            prepare("101");
            Result joined = apply(true, "NETMAKER_TOKEN", "NETMAKER_TOKEN_PROD");
            assertThat(joined.status())
                    .as("%s\n%s", joined, scene.agent.logText())
                    .isZero();
            assertThat(joined.lines()).contains("Container 100 joined netmaker", "Container 101 joined netmaker");

            JsonNode other = scene.agent.container("101");
            assertThat(other.at("/properties/network_type").asText()).isEqualTo("netmaker");
            assertThat(other.at("/mesh/phase").asText()).isEqualTo("joined");
            assertThat(other.path("state").asText()).isEqualTo("enrolled");
            String address = other.at("/mesh/address").asText();
            String ip = address.substring(0, address.indexOf('/'));
            eventually(() ->
                    Scene.sh("nsenter", "-t", init("100"), "-n", "ping", "-c", "1", "-W", "1", "-I", "netmaker", ip));
            assertThat(apply(true, "NETMAKER_TOKEN", "NETMAKER_TOKEN_PROD")).isEqualTo(new Result(0, "", ""));
            assertThat(server.hosts()).isEqualTo(2);
            assertThat(scene.agent.ledger("mesh.joined", "101")).hasSize(1);

            // A server that cannot be reached does not keep a container from being destroyed.
            server.down();
            Result destroyed = Command.run(scene.agent.config(), "container", "destroy", "--yes", "100");
            assertThat(destroyed.lines()).as(destroyed.toString()).contains("Destroyed container 100");
            assertThat(destroyed.err()).contains("its removal is tried again until it succeeds");

            for (String token : List.of(first, second)) {
                assertThat(scene.agent.logText()).doesNotContain(token);
                assertThat(scene.agent.ledger()).noneMatch(entry -> entry.line().contains(token));
                assertThat(scene.agent.ask("query").toString()).doesNotContain(token);
                assertThat(joined.toString()).doesNotContain(token);
            }
        }
    }

    private Result apply(boolean running, String token, String otherToken) throws IOException {
        Files.writeString(
                scene.agent.stateFile(),
                "{\"version\": 1, \"plugins\": {\"lxc\": {\"containers\": ["
                        + entry("100", "10.9.0.11/24", running, token) + ", "
                        + entry("101", "10.9.0.12/24", running, otherToken) + "]}}}");
        return Command.run(scene.agent.config(), "apply");
    }

    private static String entry(String id, String address, boolean running, String token) {
        return "{\"id\": \"" + id + "\", \"running\": " + running + ", \"properties\": {\"network_type\": \"netmaker\","
                + " \"ipv4\": \"" + address + "\", \"gateway\": \"" + SERVER + "\", \"netmaker_token_env\": \"" + token
                + "\"}}";
    }

    /** What a template with netclient in it would bring. */
    private void prepare(String id) throws IOException {
        Path folder = scene.lxc.lxcPath().resolve(id);
        MeshServer.putNetclient(folder.resolve("rootfs"));
        Files.write(
                folder.resolve("config"),
                List.of(
                        "lxc.mount.entry = /usr/bin/wg usr/bin/wg none ro,bind,create=file",
                        "lxc.mount.entry = /usr/bin/wireguard-go usr/bin/wireguard-go none ro,bind,create=file"),
                StandardOpenOption.APPEND);
    }

    private void tokens(String... lines) throws IOException {
        Files.write(tokens, List.of(lines));
    }

    private String init(String id) {
        return Scene.sh("lxc-info", "-P", scene.lxc.lxcPath().toString(), "-n", id, "-p", "-H")
                .strip();
    }

    private static Path newFile() {
        try {
            return Files.createTempFile(
                    "netmaker",
                    ".env",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
