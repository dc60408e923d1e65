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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.verticles.enroll.netmaker.NetclientDouble;
import org.opdbus.verticles.enroll.netmaker.TokenHunt;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;

/**
 * Containers of a state file in a mesh: doubles of netclient and its server, everything else real, including the
 * tunnels.
 */
final class MeshIT {
    private static final String SERVER = "10.9.0.1";

    private final Path tokens = newFile();
    private final Path credential = newFile();
    private final TestHost scene = new TestHost(Map.of(
            "netmaker",
            Map.of(
                    "envFile",
                    tokens.toString(),
                    "api",
                    Map.of(
                            "url",
                            "https://" + SERVER + ":8443",
                            "credentialFile",
                            credential.toString(),
                            "networks",
                            List.of("prod"),
                            "caFile",
                            MeshServer.certificate().toString()))));
    private final List<String> said = new ArrayList<>();
    private final MeshServer server;
    private final TokenHunt hunt;

    MeshIT() throws IOException {
        scene.start();
        TestHost.sh("ip", "address", "replace", SERVER + "/24", "dev", TestHost.BRIDGE);
        TestHost.sh("ip", "link", "set", TestHost.BRIDGE, "up");
        server = new MeshServer(SERVER, 8443);
        hunt = new TokenHunt(server);
        Files.writeString(credential, server.credential() + "\n");
    }

    /** Ends everything, and fails if a secret of the server's appeared in a place where it must not be. */
    @AfterEach
    void close() {
        said.add(scene.agent.ask("query").toString());
        said.add(TestHost.sh("ovsdb-client", "--timeout=30", "dump", "unix:" + nonnetSocket(), "OpNonNet"));
        scene.destroyAll();
        scene.close();
        hunt.assertAbsent(said);
        hunt.assertAbsentBelow(scene.agent.folder());
        server.close();
        hunt.close();
    }

    @Test
    void declared_containers_join_their_mesh_and_reach_each_other_through_it() throws IOException {
        String first = server.token(1);
        String second = server.token(1);
        tokens(
                "NETMAKER_TOKEN=" + first,
                "export NETMAKER_TOKEN_PROD='" + second + "'",
                "JWT=eyJhbGciOiJIUzI1NiJ9.e30.x");

        // Without a valid token, nothing is created.
        Result unknown = apply(false, "NETMAKER_TOKEN", "NO_SUCH_TOKEN");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("container 101: mesh: ", "NO_SUCH_TOKEN", "NETMAKER_TOKEN_PROD");
        Result jwt = apply(false, "NETMAKER_TOKEN", "JWT");
        assertThat(jwt.err()).contains("this is not a Netmaker enrolment token").doesNotContain("eyJ");
        assertThat(scene.agent.container("101").isMissingNode()).isTrue();

        TestCommand.run(scene.agent.config(), "container", "destroy", "--yes", "100");
        assertThat(apply(false, "NETMAKER_TOKEN", "NETMAKER_TOKEN_PROD").status())
                .isZero();
        prepare("100");
        prepare("101");
        Result joined = apply(true, "NETMAKER_TOKEN", "NETMAKER_TOKEN_PROD");
        assertThat(joined.status()).as("%s\n%s", joined, scene.agent.logText()).isZero();
        assertThat(joined.lines()).contains("Container 100 joined netmaker", "Container 101 joined netmaker");

        JsonNode other = scene.agent.container("101");
        assertThat(other.at("/properties/network_type").asText()).isEqualTo("netmaker");
        assertThat(other.at("/mesh/phase").asText()).isEqualTo("joined");
        assertThat(other.at("/mesh/network").asText()).isEqualTo("prod");
        assertThat(other.path("state").asText()).isEqualTo("enrolled");
        String address = other.at("/mesh/address").asText();
        String ip = address.substring(0, address.indexOf('/'));
        eventually(() ->
                TestHost.sh("nsenter", "-t", init("100"), "-n", "ping", "-c", "1", "-W", "1", "-I", "netmaker", ip));
        assertThat(apply(true, "NETMAKER_TOKEN", "NETMAKER_TOKEN_PROD")).isEqualTo(new Result(0, "", ""));
        assertThat(server.hosts()).isEqualTo(2);
        assertThat(scene.agent.ledger("mesh.joined", "101")).hasSize(1);
    }

    @Test
    void containers_that_cannot_join_are_reported_at_once_and_join_when_they_can() throws IOException {
        tokens("GONE=" + server.token(0), "GOOD=" + server.token(1));
        Result created = apply(false, "GOOD", "GONE");
        assertThat(created.status()).as(created.toString()).isZero();
        prepare("101");
        letWireGuardIn("100");

        Result told = apply(true, "GOOD", "GONE");

        assertThat(told.status()).isEqualTo(1);
        assertThat(told.err().lines())
                .contains(
                        "op-dbus: container 100: join: netclient is not in the container; install netclient in the container",
                        "op-dbus: container 101: join: the key of this token has expired or is used up; create a key on the server"
                                + " and put its token into the file of tokens");
        JsonNode stuck = scene.agent.container("101");
        assertThat(stuck.at("/mesh/phase").asText()).isEqualTo("refused");
        assertThat(stuck.at("/mesh/remedy").asText()).startsWith("create a key on the server");
        assertThat(stuck.path("running").asBoolean()).isTrue();
        tokens("GONE=" + server.token(1), "GOOD=" + server.token(1));
        NetclientDouble.put(scene.lxc.lxcPath().resolve("100/rootfs"));

        awaitPhase("100", "joined");
        awaitPhase("101", "joined");
    }

    @Test
    void what_a_killed_agent_had_begun_is_brought_to_its_end_by_the_next() throws IOException {
        tokens("A=" + server.token(1));
        assertThat(apply(false, "A", "").status()).isZero();
        prepare("100");
        prepare("101");
        tell("pause\n");
        TestCommand interrupted = startApply(true, "A", "");
        awaitJoin("100");
        awaitJoin("101");
        scene.agent.kill();
        assertThat(interrupted.result().status()).isNotZero();
        assertThat(server.madeKeysLeft()).isEqualTo(1);
        scene.agent.start();
        eventually(() -> assertThat(server.madeKeysLeft()).isZero());
        tell("");

        // The join ends before it registers, because its output is no longer read: no use of a key
        // is lost.
        awaitPhase("100", "joined");
        awaitPhase("101", "joined");
        assertThat(server.registrations()).isEqualTo(2);
        assertThat(server.keysMade()).isEqualTo(2);
        eventually(() -> assertThat(server.madeKeysLeft()).isZero());

        TestHost.sh("lxc-stop", "-k", "-P", scene.lxc.lxcPath().toString(), "-n", "101");
        Result destroyed = destroy("101");
        assertThat(destroyed.err()).doesNotContain("tried again");
        assertThat(server.hosts()).isEqualTo(1);
        assertThat(scene.agent.ledger("mesh.left", "101")).hasSize(1);
        assertThat(scene.agent.ledger("mesh.lost", "101")).isEmpty();

        // An unreachable server does not prevent the destruction of a container.
        server.down();
        Result left = destroy("100");
        assertThat(left.lines()).as(left.toString()).contains("Destroyed container 100");
        assertThat(left.err()).contains("the agent tries to remove it until it succeeds");
        assertThat(scene.agent.ledger("mesh.orphaned", "100")).hasSize(1);
        scene.agent.kill();
        String doctor = TestCommand.run(scene.agent.config(), "doctor").out();
        assertThat(doctor).contains("(container 100) on nm.test is left behind", "delete it on the server");
        scene.agent.start();
        server.up();

        eventually(() -> assertThat(server.hosts()).isZero());
        eventually(() -> assertThat(scene.agent.ledger("mesh.cleaned", "100")).hasSize(1));
    }

    @Test
    void a_container_that_changes_its_identity_while_no_agent_runs_leaves_no_host_behind() throws IOException {
        String token = server.token(2);
        tokens("A=" + token, "B=" + server.token(0));
        start("100");
        awaitPhase("100", "joined");
        String former = server.hostIds().get(0);
        scene.agent.kill();
        inside("100", NetclientDouble.FORGET);
        NetclientDouble.putToken(root("100"), token);
        inside("100", NetclientDouble.JOIN_BY_HAND);
        eventually(() -> assertThat(server.nodes()).isEqualTo(2));
        server.down();
        scene.agent.start();

        eventually(() -> assertThat(
                        scene.agent.container("100").at("/mesh/leftBehind/0").asText())
                .as(scene.agent.logText())
                .isEqualTo(former + " on nm.test"));
        assertThat(said(TestCommand.run(scene.agent.config(), "doctor")).out())
                .contains("host " + former + " (container 100) on nm.test is left behind");
        server.up();

        eventually(() -> assertThat(server.hostIds()).hasSize(1).doesNotContain(former));
        eventually(() -> assertThat(
                        scene.agent.container("100").at("/mesh/leftBehind").isMissingNode())
                .isTrue());
        assertThat(scene.agent.ledger("mesh.orphaned", "100")).hasSize(1);
        eventually(() -> assertThat(scene.agent.ledger("mesh.cleaned", "100")).hasSize(1));
    }

    @Test
    void a_deleted_node_joins_again_and_a_lingering_peer_degrades_no_container() throws IOException {
        tokens("A=" + server.token(2), "B=" + server.token(1));
        start("100");
        awaitPhase("100", "joined");
        start("101");
        awaitPhase("101", "joined");
        server.deleteNodes(server.hostIds().get(0));
        eventually(() -> assertThat(scene.agent.ledger("mesh.joined", "100"))
                .as(scene.agent.logText())
                .hasSize(2));
        assertThat(scene.agent.ledger("mesh.lost", "100"))
                .singleElement()
                .asString()
                .contains("its node in prod was deleted on its server");
        eventually(() -> assertThat(inside("100", "wg show netmaker peers")).isNotBlank());

        server.deleteHost(server.hostIds().get(1));
        TestHost.sh("lxc-stop", "-k", "-P", scene.lxc.lxcPath().toString(), "-n", "101");
        NetclientDouble.heardAgo(root("100"), 1_000);
        scene.agent.kill();
        scene.agent.start();

        // A new agent checks at once, and asks the server before it publishes anything.
        eventually(() -> assertThat(NetclientDouble.questions(root("100"))).isPositive());
        awaitPhase("100", "joined");
        assertThat(inside("100", "wg show netmaker peers")).isNotBlank();
        assertThat(scene.agent.ledger("mesh.degraded", "100")).isEmpty();
    }

    @Test
    void a_late_or_missing_service_is_reported_and_waited_for() throws IOException {
        tokens("A=" + server.token(1), "B=" + server.token(1));
        assertThat(apply(false, "A", "B").status()).isZero();
        prepare("100");
        prepare("101");
        NetclientDouble.tell(root("100"), "late");
        NetclientDouble.systemd(root("101"));
        launch("100");
        launch("101");

        JsonNode late = awaitPhase("100", "confirming");
        assertThat(late.at("/properties/network_type").asText()).isEqualTo("netmaker");
        // The container's own link may still be on its way to the bridge.
        eventually(() ->
                assertThat(scene.agent.container("100").path("state").asText()).isEqualTo("confirming"));
        JsonNode missing = awaitPhase("101", "joining");
        assertThat(missing.at("/properties/network_type").asText()).isEqualTo("netmaker");
        eventually(
                () -> assertThat(scene.agent.container("101").at("/mesh/reason").asText())
                        .isEqualTo("netclient is in the container, and its service is not installed"));
        assertThat(said(TestCommand.run(scene.agent.config(), "doctor")).out())
                .contains("netclient is in the container, and its service is not installed", "/root/netclient install");
        assertThat(inside("101", "/usr/bin/netclient install")).contains("on top of itself");
        inside("101", "cp /usr/bin/netclient /root/netclient && /root/netclient install");
        NetclientDouble.tell(root("100"), "");

        awaitPhase("100", "joined");
        awaitPhase("101", "joined");
        assertThat(server.registrations()).isEqualTo(2);
    }

    /** Makes the containers if they do not exist, and starts one without op-dbus. */
    private void start(String id) throws IOException {
        if (scene.agent.container(id).isMissingNode()) {
            Result created = apply(false, "A", "B");
            assertThat(created.status()).as(created.toString()).isZero();
        }
        prepare(id);
        launch(id);
    }

    private void launch(String id) {
        TestHost.sh("lxc-start", "-P", scene.lxc.lxcPath().toString(), "-n", id);
    }

    private String inside(String id, String command) {
        return TestHost.sh(
                "lxc-attach", "-P", scene.lxc.lxcPath().toString(), "-n", id, "--clear-env", "--", "sh", "-c", command);
    }

    private Path root(String id) {
        return scene.lxc.lxcPath().resolve(id).resolve("rootfs");
    }

    @Test
    void an_unusable_token_file_is_reported_before_anything_is_created() throws IOException {
        assertRefused("has no A; it is empty");
        tokens("A=" + server.token(1), "this is no line of such a file");
        assertRefused("line 2 of " + tokens + " is not KEY=value");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused("its group or others can read or change it");
        Files.delete(tokens);
        assertRefused("does not exist");
    }

    private void assertRefused(String why) throws IOException {
        Result refused = apply(false, "A", "A");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("container 100: mesh: ", why).doesNotContain("eyJ");
        assertThat(scene.agent.container("100").isMissingNode()).isTrue();
        assertThat(server.registrations()).isZero();
    }

    private Result apply(boolean running, String token, String otherToken) throws IOException {
        return said(startApply(running, token, otherToken).result());
    }

    private TestCommand startApply(boolean running, String token, String otherToken) throws IOException {
        Files.writeString(
                scene.agent.stateFile(),
                "{\"version\": 1, \"plugins\": {\"lxc\": {\"containers\": ["
                        + entry("100", "10.9.0.11/24", running, token) + ", "
                        + entry("101", "10.9.0.12/24", running, otherToken) + "]}}}");
        return TestCommand.start(scene.agent.config(), "apply");
    }

    private Result destroy(String id) {
        return said(TestCommand.run(scene.agent.config(), "container", "destroy", "--yes", id));
    }

    private Result said(Result result) {
        said.add(result.toString());
        return result;
    }

    private static String entry(String id, String address, boolean running, String token) {
        return "{\"id\": \"" + id + "\", \"running\": " + running + ", \"properties\": {\"network_type\": \"netmaker\","
                + " \"ipv4\": \"" + address + "\", \"gateway\": \"" + SERVER + "\""
                + (token.isEmpty() ? "" : ", \"netmaker_token_env\": \"" + token + "\"") + "}}";
    }

    private JsonNode awaitPhase(String id, String phase) {
        return eventually(() -> {
            JsonNode container = scene.agent.container(id);
            assertThat(container.at("/mesh/phase").asText())
                    .as("%s\n%s", container, scene.agent.logText())
                    .isEqualTo(phase);
            return container;
        });
    }

    /** Waits until netclient joins in the container. */
    private void awaitJoin(String id) {
        eventually(() -> assertThat(
                        TestHost.sh("lxc-attach", "-P", scene.lxc.lxcPath().toString(), "-n", id, "--", "ps"))
                .contains("netclient join"));
    }

    /** Controls the behaviour of netclient's doubles in the containers. */
    private void tell(String what) throws IOException {
        for (String id : List.of("100", "101")) {
            Files.writeString(scene.lxc.lxcPath().resolve(id).resolve("rootfs/etc/double"), what);
        }
    }

    private Path nonnetSocket() {
        return scene.agent.folder().resolve("run/nonnet.db.sock");
    }

    /** What a template with netclient in it would contain. */
    private void prepare(String id) throws IOException {
        NetclientDouble.put(scene.lxc.lxcPath().resolve(id).resolve("rootfs"));
        letWireGuardIn(id);
    }

    private void letWireGuardIn(String id) throws IOException {
        Files.write(
                scene.lxc.lxcPath().resolve(id).resolve("config"),
                List.of(
                        "lxc.mount.entry = /usr/bin/wg usr/bin/wg none ro,bind,create=file",
                        "lxc.mount.entry = /usr/bin/wireguard-go usr/bin/wireguard-go none ro,bind,create=file"),
                StandardOpenOption.APPEND);
    }

    private void tokens(String... lines) throws IOException {
        Files.write(tokens, List.of(lines));
    }

    private String init(String id) {
        return TestHost.sh("lxc-info", "-P", scene.lxc.lxcPath().toString(), "-n", id, "-p", "-H")
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
