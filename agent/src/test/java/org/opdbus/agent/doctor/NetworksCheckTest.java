// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.doctor.CheckResult.Severity;
import org.opdbus.config.ConfigLoader;
import org.opdbus.config.json.ConfigException;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;

/** Doctor asks the double of a Netmaker server, over HTTPS, for the networks of the keys. */
class NetworksCheckTest {
    private final MeshServer server = new MeshServer("127.0.0.1", 0);

    @TempDir
    Path folder;

    @BeforeEach
    void makeFilesOfSecrets() throws IOException {
        privately("netmaker.key", server.credential());
        privately("netmaker.env", "NETMAKER_TOKEN=unused");
        Files.createDirectories(folder.resolve("root/dev/net"));
        Files.writeString(folder.resolve("root/dev/net/tun"), "");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private void privately(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void a_network_that_the_server_does_not_have_is_a_problem_with_a_remedy() throws Exception {
        HostSnapshot patient = patient("prod", "prdo");

        List<CheckResult> problems = Doctor.examine(patient).stream()
                .filter(finding -> finding.what().contains(server.api()))
                .toList();

        assertThat(problems).hasSize(1);
        CheckResult problem = problems.get(0);
        assertThat(problem.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(problem.what()).isEqualTo(server.api() + " has no network prdo; it has prod");
        assertThat(problem.why()).isEqualTo("the agent makes no key for a join");
        assertThat(problem.remedy()).isEqualTo("correct netmaker.api.networks, or create the network on the server");
        assertThat(server.keysMade()).isZero();
    }

    @Test
    void networks_that_the_server_has_are_no_finding() throws Exception {
        assertThat(new NetmakerCheck().examine(patient("prod")))
                .extracting(CheckResult::severity)
                .containsExactly(Severity.OK);
    }

    @Test
    void a_server_that_does_not_answer_is_a_warning_because_it_may_come_back() throws Exception {
        HostSnapshot patient = patient("prod");
        server.down();

        List<CheckResult> findings = new NetmakerCheck().examine(patient);

        assertThat(findings).extracting(CheckResult::severity).containsExactly(Severity.WARNING);
        assertThat(findings.get(0).what()).contains(server.api());
        assertThat(findings.get(0).why()).isEqualTo("the agent makes no key for a join until it answers");
    }

    /** A host that makes keys for these networks and on which a container must be in a mesh. */
    private HostSnapshot patient(String... networks) throws IOException, ConfigException {
        Path config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "here", "runtime": {"dir": "%1$s/run"}, "ledger": {"dir": "%1$s/ledger"},
                 "state": {"file": "%1$s/state.json"}, "lxc": {"path": "%1$s/lxc"},
                 "enrollment": {"networkType": "netmaker"},
                 "netmaker": {"envFile": "%1$s/netmaker.env",
                   "api": {"url": "https://%2$s", "networks": ["%3$s"],
                     "credentialFile": "%1$s/netmaker.key", "caFile": "%4$s"}}}
                """.formatted(
                        folder, server.api(), String.join("\", \"", networks), MeshServer.certificate()));
        return new HostSnapshot(
                ConfigLoader.load(config),
                Optional.of(config),
                Optional.empty(),
                folder.resolve("root"),
                List.of(folder),
                "1.2",
                AgentReply.none(),
                HostSnapshot.Kernel.NOT_ASKED,
                HostSnapshot.Switch.NOT_ASKED);
    }
}
