// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.machine.SmallMachine;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** An agent of labs as a process, with real machines: what it refuses, and what it does about what it finds. */
@Timeout(300)
class LabAgentIT {
    @TempDir
    Path folder;

    private LabFolders folders;
    private LxcContainers containers;
    private LabTraces before;
    private LabAgentProcess agent;

    @BeforeEach
    void open() {
        Laboratory.require();
        folders = LabFolders.below(folder);
        containers = new LxcContainers();
        containers
                .create(Definition.of("c0").withoutNetwork())
                .create(Definition.of("c1").withoutNetwork());
        before = LabTraces.now();
        agent = begin();
    }

    private LabAgentProcess begin(String... through) {
        return LabAgentProcess.start(folder, containers.lxcPath(), through);
    }

    @AfterEach
    void close() {
        // After a failure, too, the next test must find nothing.
        String unused = agent.ask("stop net");
        agent.close();
        containers.close();
    }

    private LabStore store() {
        return new LabStore(LabProgram.definitions(folder));
    }

    private void requireSettled() {
        eventually(() -> assertThat(agent.ask("settled net")).isEqualTo("OK"));
    }

    private void requireNothingLeft() {
        eventually(() -> before.requireNothingLeft("after the stop"));
        assertThat(folders.labs())
                .satisfiesAnyOf(
                        labs -> assertThat(labs).doesNotExist(),
                        labs -> assertThat(labs).isEmptyDirectory());
    }

    @Test
    void what_cannot_be_is_refused_in_one_line_and_nothing_is_half_made() throws IOException {
        assertThat(agent.ask("change net add tap t0")).startsWith("KO the lab net does not run -- start it first");
        assertThat(agent.ask("start " + "x".repeat(32))).contains("is no name of a lab");
        assertThat(agent.ask("start -rf")).contains("is no name of a lab");
        assertThat(agent.ask("start ../x")).contains("is no name of a lab");
        assertThat(agent.ask("start net")).isEqualTo("OK");
        assertThat(agent.ask("change net add tap t0")).isEqualTo("OK");
        assertThat(agent.ask("change net add lan t0 0 lan01")).isEqualTo("OK");
        LabDefinition definition = store().load("net").orElseThrow();
        LabTraces running = LabTraces.now();
        Path broken = Files.writeString(folder.resolve("broken.img"), "no image");
        Map<String, String> refusals = new TreeMap<>(Map.of(
                "add lan missing 0 lan01",
                "KO the lab net has no item \"missing\" -- see op-dbus lab net show",
                "add lan t0 1 lan01",
                "KO t0 has no endpoint 1 -- its only one is 0",
                "add lan t0 0 lan02",
                "KO endpoint 0 of t0 is on the LAN lan01 already, and an endpoint can be on one only -- ",
                "add lan t0 0 lan-0123456789",
                "KO \"lan-0123456789\" is no name of a LAN -- ",
                "add tap -x",
                "KO \"-x\" is no name of an item -- ",
                "add tap \"a b\"",
                "KO \"a b\" is no name of an item -- ",
                "add kvm k0 image=/nowhere/disk.qcow2",
                "KO the image /nowhere/disk.qcow2 is missing -- check the path",
                "add kvm k0 image=" + broken,
                "KO the image " + broken + " is not a disk image: ",
                "add lxc c9",
                "KO there is no container c9 -- "));
        refusals.forEach((command, answer) ->
                assertThat(agent.ask("change net " + command)).as(command).startsWith(answer));
        assertThat(LabTraces.now()).isEqualTo(running);
        assertThat(store().load("net").orElseThrow().items()).isEqualTo(definition.items());
        new SwitchContents(folders.databaseSocket("net")).requireExactly(definition);
        assertThat(agent.ask("stop net")).isEqualTo("OK");
        requireNothingLeft();
    }

    @Test
    void without_qemu_a_machine_is_refused_with_the_package_that_has_it() throws Exception {
        String qemu = "/usr/bin/qemu-system-" + System.getProperty("os.arch").replace("amd64", "x86_64");
        assertThat(agent.ask("start net")).isEqualTo("OK");
        // The mounts of a laboratory are its own, and this file cannot be run.
        run("mount", "--bind", "/proc/version", qemu);
        try {
            assertThat(agent.ask("change net " + SmallMachine.command("k0", "10.7.0.1/24", "s")))
                    .contains("is not on this host -- install it; on Debian: apt install");
        } finally {
            run("umount", qemu);
        }
        assertThat(store().load("net").orElseThrow().items()).isEmpty();
        assertThat(agent.ask("stop net")).isEqualTo("OK");
        requireNothingLeft();
    }

    @Test
    void without_the_rights_to_make_a_namespace_a_start_is_refused_and_leaves_nothing() throws IOException {
        for (String right : List.of("-sys_admin", "-net_admin,-sys_admin")) {
            try (LabAgentProcess weak =
                    begin("setpriv", "--inh-caps", right, "--ambient-caps", "-all", "--bounding-set", right)) {
                assertThat(weak.ask("start net"))
                        .startsWith("KO ")
                        .endsWith(" -- a lab needs CAP_SYS_ADMIN and CAP_NET_ADMIN: run op-dbus as root");
                assertThat(weak.ask("settled net")).startsWith("KO there is no lab net");
            }
        }
        assertThat(store().names()).isEmpty();
        requireNothingLeft();
    }

    @Test
    void a_container_that_ended_by_itself_is_told_and_a_start_of_the_lab_starts_it_again() {
        assertThat(agent.ask("start net")).isEqualTo("OK");
        assertThat(agent.ask("change net add lxc c0 eth=v")).isEqualTo("OK");
        containers.stop("c0");
        String told = "c0: it ended by itself; this starts it again: op-dbus lab net start";
        assertThat(agent.ask("change net add lan c0 0 lan01")).startsWith("KO " + told);
        assertThat(agent.ask("settled net")).contains(told.replace("c0: ", "c0="));
        // What has nothing to do with it is changed at once.
        assertThat(agent.ask("change net add tap t0")).isEqualTo("OK");
        assertThat(containers.state("c0")).isEqualTo("STOPPED");

        assertThat(agent.ask("start net")).isEqualTo("OK");
        requireSettled();
        assertThat(containers.attach("c0", "ip", "link")).contains("eth0");
        assertThat(agent.ask("stop net")).isEqualTo("OK");
        assertThat(containers.state("c0")).isEqualTo("STOPPED");
        requireNothingLeft();
    }

    @Test
    void machines_that_the_definition_does_not_know_are_ended_if_the_lab_started_them() throws IOException {
        containers.start("c1");
        LabTraces withUser = LabTraces.now();
        assertThat(agent.ask("start net")).isEqualTo("OK");
        assertThat(agent.ask("change net add lxc c0 eth=v")).isEqualTo("OK");
        assertThat(agent.ask("change net add lxc c1 eth=v")).isEqualTo("OK");
        assertThat(agent.ask("change net " + SmallMachine.command("k0", "10.7.0.1/24", "v")))
                .isEqualTo("OK");
        assertThat(agent.ask("change net add tap t0")).isEqualTo("OK");
        agent.kill();
        LabDefinition known = store().load("net").orElseThrow();
        TreeMap<String, LabItem> items = new TreeMap<>(known.items());
        items.keySet().retainAll(List.of("t0"));
        store().save(new LabDefinition("net", items, known.lastId()));

        agent = begin();

        requireSettled();
        assertThat(containers.state("c0")).isEqualTo("STOPPED");
        // Its user started this one.
        assertThat(containers.state("c1")).isEqualTo("RUNNING");
        assertThat(containers.attach("c1", "ip", "link")).doesNotContain("eth0");
        assertThat(LabTraces.programs()).noneMatch(program -> program.startsWith("qemu"));
        assertThat(Links.ipInside("cloonix_net", "-o", "link")).doesNotContain("_k_1_", "_k_2_", "_k_3_");
        assertThat(agent.ask("stop net")).isEqualTo("OK");
        eventually(() -> withUser.requireNothingLeft("after the stop"));
        containers.stop("c1");
    }

    @Test
    void a_machine_that_cannot_be_started_keeps_nothing_else_from_being_as_defined() throws IOException {
        assertThat(agent.ask("start net")).isEqualTo("OK");
        assertThat(agent.ask("change net add lxc c0 eth=v")).isEqualTo("OK");
        assertThat(agent.ask("change net add tap t0")).isEqualTo("OK");
        assertThat(agent.ask("change net add lan t0 0 lan01")).isEqualTo("OK");
        assertThat(agent.ask("stop net")).isEqualTo("OK");
        requireNothingLeft();
        containers.destroy("c0");

        assertThat(agent.ask("start net")).isEqualTo("OK");

        eventually(() -> assertThat(agent.ask("settled net"))
                .contains("c0=there is no container c0")
                .doesNotContain("t0=", "_k_2_0="));
        assertThat(new SwitchContents(folders.databaseSocket("net")).vsctl("port-to-br", "_k_2_0"))
                .isEqualTo("_b_lan01");
        assertThat(agent.ask("change net spy t0 0 on")).isEqualTo("OK");
        assertThat(agent.ask("change net del c0")).isEqualTo("OK");
        requireSettled();
        assertThat(agent.ask("stop net")).isEqualTo("OK");
        requireNothingLeft();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
