// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.Pem;

final class NatsConfigCommandTest {
    private static final List<String> THREE =
            List.of("--server=n1=10.0.0.11", "--server=n2=10.0.0.12:4333", "--server=n3=nats3.example.org");

    @TempDir
    Path folder;

    private Path config;
    private Path out;

    @BeforeEach
    void configure() throws IOException {
        config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "host1", "runtime": {"dir": "%1$s/run"}, "cluster": {"dir": "%1$s/cluster"}}
                """.formatted(folder));
        out = folder.resolve("nats");
    }

    @Test
    void only_the_owner_can_read_the_files_and_no_key_is_printed() throws Exception {
        found();
        CommandRun run = natsConfig(THREE);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "ca.crt",
                        "hosts.conf",
                        "n1.key",
                        "n1.crt",
                        "n1.conf",
                        "n2.key",
                        "n2.crt",
                        "n2.conf",
                        "n3.key",
                        "n3.crt",
                        "n3.conf");
        assertThat(run.err()).contains("SIGHUP").doesNotContain("PRIVATE");
        assertThat(run.out()).doesNotContain("PRIVATE");
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rwx------");
    }

    @Test
    void a_server_s_file_has_its_address_the_others_routes_and_a_limit() throws Exception {
        found();
        assertThat(natsConfig(THREE, "--store=/srv/nats", "--store-max=512M").status())
                .isZero();
        String second = Files.readString(out.resolve("n2.conf"));
        assertThat(second)
                .contains(
                        "server_name: \"n2\"",
                        "listen: \"10.0.0.12:4333\"",
                        "verify_and_map: true",
                        "store_dir: \"/srv/nats/n2\"",
                        "max_file_store: 536870912",
                        "\"tls://10.0.0.11:6222\", \"tls://10.0.0.12:6222\", \"tls://nats3.example.org:6222\"",
                        out.resolve("n2.key").toString());
        assertThat(Files.readString(out.resolve("n3.conf")))
                .contains("listen: \"0.0.0.0:4222\"", "client_advertise: \"nats3.example.org:4222\"");
        X509Certificate certificate = Pem.certificate(Files.readAllBytes(out.resolve("n2.crt")));
        assertThat(String.valueOf(certificate.getSubjectAlternativeNames()))
                .contains("10.0.0.12", "nats-server.op-dbus");
    }

    @Test
    void when_a_host_joins_or_is_removed_only_the_list_of_hosts_changes() throws Exception {
        found();
        assertThat(natsConfig(THREE).status()).isZero();
        assertThat(natsConfig(THREE).out()).isEmpty();
        letIn("host2.example");
        assertThat(natsConfig(THREE).out().lines()).containsExactly("hosts.conf");
        assertThat(Files.readString(out.resolve("hosts.conf")))
                .contains("CN=host1", "CN=host2.example", "opdbus.facts.host2=2Eexample");
        authority().remove("host2.example");
        assertThat(natsConfig(THREE).out().lines()).containsExactly("hosts.conf");
        assertThat(Files.readString(out.resolve("hosts.conf"))).doesNotContain("host2");
    }

    @Test
    void a_server_gets_another_key_when_its_address_or_the_ca_has_changed() throws Exception {
        found();
        assertThat(natsConfig(THREE).status()).isZero();
        List<String> moved =
                List.of("--server=n1=10.0.0.21", "--server=n2=10.0.0.12:4333", "--server=n3=nats3.example.org");
        assertThat(natsConfig(moved).out().lines())
                .containsExactly("n1.key", "n1.crt", "n1.conf", "n2.conf", "n3.conf");
        assertThat(cluster("rotate", "--ca").status()).isZero();
        assertThat(natsConfig(moved).out().lines())
                .containsExactly("ca.crt", "n1.key", "n1.crt", "n2.key", "n2.crt", "n3.key", "n3.crt");
        assertThat(Files.readString(out.resolve("ca.crt")).split("BEGIN", -1)).hasSize(3);
    }

    @Test
    void what_cannot_work_is_refused_with_what_to_do() throws Exception {
        CommandRun nothing = natsConfig(List.of("--server=n1=10.0.0.11"));
        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.err()).contains("op-dbus cluster init");
        found();
        refused("NAME=ADDRESS", "--server=10.0.0.11");
        refused("letters, digits", "--server=../n1=10.0.0.11");
        refused("must be an address", "--server=n1=ten\n.0");
        refused("must not be 0 or 6222", "--server=n1=10.0.0.11:6222");
        refused("two servers are called n1", "--server=n1=10.0.0.11", "--server=n1=10.0.0.12");
        refused("address of its own", "--server=n1=10.0.0.11", "--server=n2=10.0.0.11:4333");
        refused("such as 10G", "--server=n1=10.0.0.11", "--store-max=10");
        refused("other than plain ones", "--server=n1=10.0.0.11", "--store=/srv/\"nats");
        assertThat(natsConfig(List.of("--server=n1=10.0.0.11", "--server=n2=10.0.0.12"))
                        .err())
                .contains("use an odd number");
        Files.writeString(folder.resolve("file"), "");
        CommandRun file = cluster("nats-config", "--server=n1=10.0.0.11", "--out=" + folder.resolve("file"));
        assertThat(file.status()).isEqualTo(2);
        assertThat(file.err()).contains("cannot write the files of nats-servers into");
    }

    private void refused(String why, String... servers) throws Exception {
        CommandRun run = natsConfig(List.of(servers));
        assertThat(run.status()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains(why);
        assertThat(run.out()).isEmpty();
    }

    private void found() throws Exception {
        assertThat(cluster("init").status()).isZero();
    }

    private void letIn(String host) {
        Authority authority = authority();
        String secret = authority
                .token(Authority.MEMBER_LIFE, new ListenAddress("127.0.0.1", 7802))
                .secret();
        assertThat(authority.admit(
                        secret,
                        host,
                        "10.0.0.2:7800",
                        Libraries.load().certificates().request(Pem.newKeys())))
                .isPresent();
    }

    private Authority authority() {
        return new Authority(folder.resolve("cluster"), Libraries.load().certificates());
    }

    private CommandRun natsConfig(List<String> servers, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("nats-config", "--out=" + out));
        words.addAll(servers);
        words.addAll(List.of(more));
        return cluster(words.toArray(String[]::new));
    }

    private CommandRun cluster(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("--config", config.toString(), "cluster"));
        all.addAll(List.of(words));
        return CommandRun.of(all.toArray(String[]::new));
    }
}
