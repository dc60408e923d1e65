// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.fuse.wire.MountTable;

/** An agent with {@code fuse.mount} shows its host as files, and is an agent first. */
class MountedAgentIT {
    @Test
    void the_files_are_there_with_the_agent_and_go_with_it(@TempDir Path temporary) throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("files")).toRealPath();
        try (TestHost host = new TestHost(settings(folder))) {
            host.start();
            host.run("100");
            host.awaitEnrolled("100", "vi100");
            eventually(() -> assertThat(Files.readString(folder.resolve("containers/100/state")))
                    .contains("enrolled"));
            assertThat(Files.readString(folder.resolve("by-name/ports/vi100/name")))
                    .isEqualTo("\"vi100\"\n");

            host.agent.kill();
            eventually(() -> assertThat(MountTable.at(folder)).isEmpty());
            host.agent.start();
            eventually(
                    () -> assertThat(folder.resolve("by-name/ports/vi100/name")).hasContent("\"vi100\""));
            host.agent.stop();
            assertThat(MountTable.at(folder)).isEmpty();
        }
    }

    @Test
    void a_mount_of_its_own_tells_how_containers_stand_with_and_without_the_agent(@TempDir Path temporary)
            throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("files")).toRealPath();
        try (TestHost host = new TestHost(Map.of("enrollment", Map.of("ignore", List.of("left"))))) {
            host.start();
            host.run("100");
            host.awaitEnrolled("100", "vi100");
            host.run("left");
            TestCommand mounted = TestCommand.start(host.agent.config(), "mount", folder.toString());
            try {
                Path states = folder.resolve("containers");
                eventually(() -> assertThat(states.resolve("100/state")).hasContent("enrolled"));
                eventually(() -> assertThat(states.resolve("left/state")).hasContent("left-alone"));
                host.run("101");
                host.awaitEnrolled("101", "vi101");
                eventually(() -> assertThat(states.resolve("101/state")).hasContent("enrolled"));

                Path wanted = Files.writeString(temporary.resolve("state.json"), """
                        {"version": 1, "plugins": {"lxc": {"containers": [{"id": "left"}]}}}""");
                TestCommand.Result applied = TestCommand.run(host.agent.config(), "apply", wanted.toString());
                assertThat(applied.status()).as(applied.toString()).isZero();
                eventually(() -> assertThat(states.resolve("left/state")).hasContent("enrolled"));

                host.agent.stop();
                host.run("102");
                eventually(
                        () -> assertThat(states.resolve("102/reason")).content().contains("is no port yet"));
                assertThat(states.resolve("102/state")).hasContent("waiting");
                assertThat(states.resolve("100/state")).hasContent("enrolled");
                assertThat(host.ports())
                        .as("it has changed nothing")
                        .containsExactlyInAnyOrder("vi100", "vi101", "vileft");
                host.lxc.stop("101");
                eventually(() -> assertThat(states.resolve("101/state")).hasContent("stopped"));
                assertThat(host.ports()).as("it has changed nothing").contains("vi100");
            } finally {
                assertThat(mounted.terminate().status()).isZero();
            }
        }
    }

    @Test
    void an_agent_that_cannot_mount_does_everything_else_and_tries_again(@TempDir Path temporary) throws Exception {
        Path folder = temporary.toRealPath().resolve("later");
        try (TestHost host = new TestHost(settings(folder))) {
            host.start();
            host.run("100");
            host.awaitEnrolled("100", "vi100");
            eventually(() -> assertThat(host.agent.logText()).contains("fuse=absent", "mkdir -p " + folder));

            Files.createDirectory(folder);

            eventually(() -> assertThat(folder.resolve("containers/100")).isDirectory());
        }
    }

    @Test
    void what_root_writes_is_done_and_on_record(@TempDir Path temporary) throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("files")).toRealPath();
        Map<String, Object> writable = Map.of("fuse", Map.of("mount", folder.toString(), "writable", true));
        try (TestHost host = new TestHost(writable)) {
            host.start();
            host.ovs.vsctl("add-port", TestHost.BRIDGE, "mine", "tag=5");
            Path tag = folder.resolve("by-name/ports/mine/tag");
            eventually(() -> assertThat(tag).hasContent("5"));

            Files.writeString(tag, "6\n");

            assertThat(host.ovs.vsctl("get", "Port", "mine", "tag")).isEqualTo("6");
            eventually(() -> assertThat(tag).hasContent("6"));
            assertThatThrownBy(() -> Files.writeString(tag, "5000\n"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Invalid argument");
            assertThatThrownBy(() -> Files.writeString(folder.resolve("desired.json"), "{\"version\": 99}"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Invalid argument");
            assertThat(Files.readString(folder.resolve(".error"))).contains("desired.json");
            eventually(() -> assertThat(host.agent.ledger().toString())
                    .contains("change.requested", "write Port.tag", "write desired.json"));

            TestCommand.Result second = TestCommand.run(host.agent.config(), "mount", "-w", temporary.toString());
            assertThat(second.status()).isEqualTo(2);
            assertThat(second.err()).contains("fuse.writable");
        }
    }

    private static Map<String, Object> settings(Path folder) {
        return Map.of("fuse", Map.of("mount", folder.toString(), "readers", "*"));
    }
}
