// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Deleted;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Healthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Unhealthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.WithoutNode;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

/** The API over HTTPS, with a certificate that nobody knows but who is told of it. */
class ServerApiTest {
    private static final String HOST_ID = "3f0c5c1e-0000-4000-8000-000000000001";
    private static final String PASSWORD = "its-own-password";
    private static final String MAC = "02:00:00:00:00:01";

    private final MeshServer server = new MeshServer("127.0.0.1", 0);
    private final ApiClient client = new ApiClient(Optional.of(MeshServer.certificate()));
    private final ServerApi api = new ServerApi(client);
    private final MeshHost host =
            new MeshHost(new ContainerId("100"), MeshServer.NAME, server.api(), HOST_ID, MAC, PASSWORD, List.of());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_host_removes_itself_from_a_server_of_any_version(MeshServer.Version version) throws Exception {
        server.version(version);
        register();

        api.remove(host);
        assertThat(server.hosts()).isZero();
        api.remove(host);
    }

    @ParameterizedTest
    @EnumSource
    void a_host_that_is_gone_is_removed_on_every_version(MeshServer.Version version) throws Exception {
        server.version(version);
        api.remove(host);
        assertThat(server.hosts()).isZero();
    }

    @Test
    void a_host_with_another_password_is_not_removed() throws Exception {
        register();
        MeshHost stranger =
                new MeshHost(host.container(), host.server(), host.api(), HOST_ID, MAC, "another", List.of());

        assertThatThrownBy(() -> api.remove(stranger))
                .isInstanceOfSatisfying(
                        NetmakerException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.REFUSED))
                .hasMessageNotContaining("another");
        assertThat(server.hosts()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_server_says_what_is_wrong_with_a_node(MeshServer.Version version) throws Exception {
        server.version(version);
        register();
        List<MeshNode> nodes = List.of(node(server.nodeId(HOST_ID)));

        assertThat(api.of(host, nodes)).isEqualTo(new Healthy(Set.of()));
        server.checkedIn(Instant.parse("0001-01-01T00:00:00Z"));
        assertThat(api.of(host, nodes)).isInstanceOf(Healthy.class);
        server.checkedIn(Instant.now().minus(ServerAnswers.CHECK_IN_MAX).minusSeconds(1));
        assertThat(api.of(host, nodes))
                .isEqualTo(new Unhealthy("it has not checked in with its server for 10 minutes", Set.of()));
        server.checkedIn(Instant.now());
        assertThat(api.of(host, List.of(node("other"))))
                .isEqualTo(new Deleted("its node in prod was deleted on its server"));
        assertThat(api.of(host, List.of(node("other"), nodes.get(0))))
                .isEqualTo(new Unhealthy("its node in prod was deleted on its server", Set.of()));
        assertThat(api.nodesGiven(host)).isInstanceOf(Healthy.class);
        server.deleteNodes(HOST_ID);
        assertThat(api.of(host, nodes)).isInstanceOf(Deleted.class);
        assertThat(api.nodesGiven(host)).isEqualTo(new WithoutNode());
        api.remove(host);
        assertThat(api.of(host, nodes)).isEqualTo(new Deleted("its host was deleted on its server"));
        assertThat(api.nodesGiven(host)).isEqualTo(new Deleted("its host was deleted on its server"));
    }

    @Test
    void a_host_is_removed_although_its_hardware_address_is_another_by_now() throws Exception {
        register();

        api.remove(new MeshHost(
                host.container(), host.server(), host.api(), HOST_ID, "02:00:00:00:00:09", PASSWORD, List.of()));

        assertThat(server.hosts()).isZero();
    }

    @Test
    void the_answer_of_a_proxy_never_counts_as_the_word_that_a_host_is_gone() {
        for (ApiClient.Answer answer : List.of(
                new ApiClient.Answer(400, "<html>no result found</html>"),
                new ApiClient.Answer(404, "record not found"),
                new ApiClient.Answer(400, "{\"Code\":400,\"Message\":\"EOF\",\"Response\":null}"))) {
            assertThat(ServerAnswers.isUnknown(answer)).isFalse();
            assertThat(ServerAnswers.node(answer, "prod")).isEmpty();
        }
    }

    private static MeshNode node(String id) {
        return new MeshNode(MeshServer.NETWORK, id, "100.64.0.1/16");
    }

    @Test
    void a_certificate_of_an_unknown_authority_is_not_trusted() {
        ServerApi strict = new ServerApi(new ApiClient(Optional.empty()));
        assertThatThrownBy(() -> strict.remove(host)).isInstanceOfSatisfying(NetmakerException.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.UNTRUSTED);
            assertThat(refusal.remedy()).contains("netmaker.api.caFile");
        });
    }

    @Test
    void a_certificate_file_without_certificates_is_an_error() throws IOException {
        Path empty = Files.writeString(folder.resolve("ca.pem"), "");
        for (Path file : List.of(empty, folder.resolve("missing"))) {
            ServerApi strict = new ServerApi(new ApiClient(Optional.of(file)));
            assertThatThrownBy(() -> strict.remove(host))
                    .isInstanceOfSatisfying(
                            NetmakerException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.API_FILE))
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void a_server_that_is_down_is_unreachable() {
        server.down();
        assertThatThrownBy(() -> api.remove(host))
                .isInstanceOfSatisfying(
                        NetmakerException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE));
    }

    private void register() throws NetmakerException, InterruptedException {
        JsonObject body = new JsonObject()
                .put("id", HOST_ID)
                .put("hostpass", PASSWORD)
                .put("macaddress", "AgAAAAAB")
                .put("publickey", "key")
                .put("endpointip", "192.0.2.1");
        client.send(
                "POST",
                URI.create("https://" + server.api()),
                "/api/v1/host/register/" + server.token(1),
                Optional.empty(),
                Optional.of(body));
        assertThat(server.hosts()).isEqualTo(1);
    }
}
