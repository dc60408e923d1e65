// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.Eventually;

/** Which classes are loaded in a program that has the layout of the distribution: lib, and lib/cluster beside it. */
final class ClusterLibrariesIT {
    private static final Pattern CLUSTER_ARCHIVE = Pattern.compile(
            "(bc(pkix|prov|util)|caffeine|infinispan|jakarta\\.transaction|javassist|jboss|jgroups|jnats|protoparser"
                    + "|protostream|vertx-infinispan|wildfly)-.*\\.jar");
    private static final List<String> FOREIGN = List.of(" org.infinispan.", " org.jgroups.", " org.bouncycastle.");
    private static final String NATS = " io.nats.";
    private static final long LIMIT_S = 120;

    @TempDir
    Path folder;

    private final List<String> classPath = new ArrayList<>();
    private Path config;

    @BeforeEach
    void layOut() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        Path cluster = Files.createDirectories(lib.resolve("cluster"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath().normalize();
            String name = String.valueOf(path.getFileName());
            if (Files.isDirectory(path)) {
                classPath.add(
                        archive(path, lib.resolve(classPath.size() + ".jar")).toString());
            } else if (CLUSTER_ARCHIVE.matcher(name).matches()) {
                Path link = cluster.resolve(name);
                if (!Files.exists(link)) {
                    Files.createSymbolicLink(link, path);
                }
            } else if (Files.exists(path)) {
                // Java resolves a link to find where a class comes from, and would look for
                // lib/cluster there.
                classPath.add(Files.copy(path, lib.resolve(classPath.size() + "-" + name))
                        .toString());
            }
        }
        config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "host1", "runtime": {"dir": "%1$s/run"}, "state": {"file": "%1$s/state.json"},
                 "ovsdb": {"socket": "%1$s/no.sock"}, "ledger": {"dir": "%1$s/ledger"}, "http": {"listen": "127.0.0.1:0"},
                 "dbus": {"names": []}}
                """.formatted(folder));
    }

    @Test
    void an_agent_without_a_cluster_loads_none_of_its_libraries() throws Exception {
        Process agent = start("off", "org.opdbus.agent.Main", "--config", config.toString(), "run");
        try (var lines = agent.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); !line.contains("agent.ready"); line = lines.readLine()) {
                assertThat(line).doesNotContain("ERROR");
            }
            agent.toHandle().destroy();
            while (lines.readLine() != null) {
                // The output at its end is not checked here.
            }
        }
        assertThat(agent.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        List<String> loaded = loaded("off");
        assertThat(loaded).anyMatch(line -> line.contains(" io.vertx.core.Vertx "));
        assertThat(loaded)
                .noneMatch(line -> line.contains(NATS) || FOREIGN.stream().anyMatch(line::contains));
    }

    @Test
    void a_host_in_a_cluster_loads_them_from_their_own_folder() throws Exception {
        Process init = start("init", "org.opdbus.agent.Main", "--config", config.toString(), "cluster", "init");
        assertThat(new String(init.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .matches("[0-9a-f]{64}\n");
        assertThat(init.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        assertThat(loaded("init")).noneMatch(line -> line.contains(" org.jgroups."));

        Process member = start("on", "org.opdbus.agent.ClusterProbe", config.toString());
        assertThat(new String(member.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("Up\n1\n");
        assertThat(member.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        List<String> loaded = loaded("on");
        for (String foreign : FOREIGN) {
            assertThat(loaded.stream().filter(line -> line.contains(foreign) && line.contains("source: file:")))
                    .as(foreign)
                    .isNotEmpty()
                    .allMatch(line -> line.contains("/lib/cluster/"));
        }
        assertThat(loaded).noneMatch(line -> line.contains(NATS));
    }

    @Test
    void a_host_on_nats_loads_its_client_and_no_group() throws Exception {
        Process init = start("init", "org.opdbus.agent.Main", "--config", config.toString(), "cluster", "init");
        assertThat(init.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        String plain = Files.readString(config);
        Files.writeString(
                config,
                plain.substring(0, plain.lastIndexOf('}'))
                        + ", \"cluster\": {\"enabled\": true, \"engine\": \"nats\", \"nats\": {\"servers\": "
                        + "[\"tls://127.0.0.1:9\"]}}}");

        Process agent = start("nats", "org.opdbus.agent.Main", "--config", config.toString(), "run");
        // No server listens there, which only the cluster's thread hears of.
        Eventually.eventually(() -> assertThat(loaded("nats"))
                .filteredOn(line -> line.contains(NATS) && line.contains("source: file:"))
                .hasSizeGreaterThan(20)
                .allMatch(line -> line.contains("/lib/cluster/")));
        agent.toHandle().destroy();
        assertThat(agent.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        assertThat(loaded("nats"))
                .noneMatch(line -> line.contains(" org.infinispan.") || line.contains(" org.jgroups."));
    }

    private Process start(String name, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "-Xlog:class+load:file=" + classLog(name),
                "-cp",
                String.join(File.pathSeparator, classPath)));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        if (!name.equals("off")) {
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        }
        return builder.start();
    }

    private Path classLog(String name) {
        return folder.resolve(name + ".classes");
    }

    private List<String> loaded(String name) throws IOException {
        return Files.readAllLines(classLog(name));
    }

    private static Path archive(Path classes, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, jar);
                jar.closeEntry();
            }
        }
        return file;
    }
}
