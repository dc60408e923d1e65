// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PrivateEngineIT {
    @Test
    void dockers_containers_live_from_creation_to_removal() throws IOException {
        lives(new PrivateDocker());
    }

    @Test
    void podmans_containers_live_from_creation_to_removal() throws IOException {
        lives(new PrivatePodman());
    }

    @Test
    void what_a_killed_docker_leaves_is_removed() throws IOException {
        PrivateDocker docker = new PrivateDocker().liveRestore(true);
        docker.start();
        docker.run("one", List.of());
        long init = docker.initPid("one");
        docker.kill();
        assertThat(ProcessHandle.of(init)).isPresent();
        docker.start();
        assertThat(docker.initPid("one")).isEqualTo(init);
        docker.liveRestore(false).stop();
        docker.start();
        docker.kill();
        docker.close();
        nothingIsLeft(docker);
    }

    private static void lives(PrivateEngine engine) throws IOException {
        engine.start();
        String id = engine.run("one", List.of("--label", "opdbus.bridge=br0"));
        assertThat(id).matches("[0-9a-f]{64}");
        assertThat(ProcessHandle.of(engine.initPid("one"))).isPresent();
        assertThat(engine.exec("one", "ip", "-o", "link")).contains("lo:").doesNotContain("eth0");
        engine.create("idle", List.of());
        assertThat(engine.initPid("idle")).isZero();
        List<String> many = IntStream.range(0, 5).mapToObj(i -> "many-" + i).toList();
        engine.runAll(many, List.of());
        engine.remove(many);
        engine.stop();
        engine.start();
        engine.close();
        nothingIsLeft(engine);
    }

    private static void nothingIsLeft(PrivateEngine engine) throws IOException {
        assertThat(engine.base()).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(engine.base().toString());
        try (Stream<Path> groups = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
            assertThat(groups)
                    .noneMatch(group -> group.endsWith(engine.controlGroup().substring(1)));
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info()
                                .commandLine()
                                .orElse("")
                                .contains(engine.base().toString())))
                .isEmpty();
    }
}
