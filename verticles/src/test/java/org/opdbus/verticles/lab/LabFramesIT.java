// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.link.A2bMachines;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.space.HostLabSpace;
import org.opdbus.verticles.lab.text.LabCommands;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;

/** What really passes through labs: pings between guests, each of which is a namespace behind an endpoint. */
class LabFramesIT {
    private static final int LIMIT_S = 120;
    private static final List<String> LABS = List.of("one", "two", "three");

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx(VertxSettings.common());
    private final List<String> guests = new ArrayList<>();
    private LabTraces before;
    private HostLabProcesses processes;
    private HostLabSpace space;
    private A2bMachines lines;
    private LabVerticle labs;

    @BeforeEach
    void open() {
        Laboratory.require();
        // The first name of a namespace makes a mount.
        Links.addNamespace("first");
        Links.deleteNamespace("first");
        before = LabTraces.now();
        LabFolders folders = LabFolders.below(folder);
        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
        lines = new A2bMachines(processes, folders);
        LabStore store = new LabStore(folder.resolve("definitions"));
        labs = new LabVerticle(new LabParts(
                vertx.getOrCreateContext(),
                folders,
                store,
                space,
                Map.of("kvm", new VethMachines(), "a2b", lines),
                fact -> {}));
        labs.rxStart().blockingAwait();
    }

    @AfterEach
    void close() {
        await(Completable.merge(LABS.stream().map(lab -> labs.stop(lab, true)).toList()));
        guests.forEach(Links::deleteNamespace);
        await(labs.rxStop());
        lines.close();
        space.close();
        processes.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        before.requireNothingLeft("after the labs");
    }

    private static void await(Completable work) {
        assertThat(work.blockingAwait(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    }

    private void change(String lab, String commands) {
        assertThat(labs.change(lab, LabCommands.file(commands))
                        .timeout(LIMIT_S, TimeUnit.SECONDS)
                        .blockingGet()
                        .running())
                .isTrue();
    }

    /** A machine of which only the links matter. */
    private static String add(String item) {
        return "add kvm " + item + " image=/image eth=v\n";
    }

    /** Puts what is behind the only endpoint of an item into a namespace of its own, with an address there. */
    private void guest(String lab, String item, String address) {
        int id = Objects.requireNonNull(
                        labs.status(lab).blockingGet().definition().items().get(item))
                .id();
        String far = "p_k_" + id + "_0";
        String guest = lab + "-" + item;
        Links.addNamespace(guest);
        guests.add(guest);
        Links.ipInside("cloonix_" + lab, "link", "set", far, "netns", guest);
        // Guests say nothing by themselves.
        run(guest, "sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 || true");
        Links.ipInside(guest, "address", "add", address + "/24", "dev", far);
        Links.ipInside(guest, "link", "set", far, "up");
    }

    private static Optional<String> run(String guest, String... command) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", guest));
        words.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean reaches(String guest, String address) {
        return run(guest, "ping", "-c", "1", "-W", "1", address).isPresent();
    }

    /** Returns how many frames have come to a guest. */
    private static String received(String guest) {
        return run(guest, "cat", "/proc/net/dev")
                .orElseThrow()
                .lines()
                .filter(line -> line.contains("_k_"))
                .map(line -> line.strip().split("\\s+", -1)[2])
                .findFirst()
                .orElseThrow();
    }

    @Test
    void three_labs_with_the_same_names_run_at_once_and_no_frame_crosses() {
        await(Completable.merge(
                LABS.stream().map(lab -> labs.start(lab, true).ignoreElement()).toList()));
        for (String lab : LABS) {
            change(lab, add("a") + add("b") + "add lan a 0 lan01\nadd lan b 0 lan01");
            guest(lab, "a", "192.0.2.1");
            guest(lab, "b", "192.0.2.2");
        }
        for (String lab : LABS) {
            eventually(
                    () -> assertThat(reaches(lab + "-a", "192.0.2.2")).as(lab).isTrue());
        }
        // What goes to all goes to all of one lab.
        String own = received("one-b");
        List<String> others = List.of("two-a", "two-b", "three-a", "three-b");
        List<String> quiet = others.stream().map(LabFramesIT::received).toList();
        assertThat(reaches("one-a", "192.0.2.77")).isFalse();
        eventually(() -> assertThat(received("one-b")).isNotEqualTo(own));
        assertThat(others.stream().map(LabFramesIT::received)).containsExactlyElementsOf(quiet);

        await(labs.stop("two", true));
        assertThat(reaches("one-a", "192.0.2.2")).isTrue();
        assertThat(reaches("three-a", "192.0.2.2")).isTrue();
        assertThat(reaches("two-a", "192.0.2.2")).isFalse();
        assertThat(Files.exists(Path.of("/run/netns/cloonix_two"))).isFalse();
    }

    @Test
    void the_same_vlan_is_reached_another_one_is_not_and_a_trunk_carries_both() {
        await(labs.start("one", true).ignoreElement());
        change(
                "one",
                add("a") + add("b") + add("c") + add("far5") + add("far6") + "add a2b line\n"
                        + "add lan a 0 lan01 tag=5\nadd lan b 0 lan01 tag=5\nadd lan c 0 lan01 tag=6\n"
                        + "add lan line 0 lan01 trunks=5,6\nadd lan line 1 lan02 trunks=5,6\n"
                        + "add lan far5 0 lan02 tag=5\nadd lan far6 0 lan02 tag=6");
        guest("one", "a", "192.0.2.1");
        guest("one", "b", "192.0.2.2");
        guest("one", "c", "192.0.2.3");
        guest("one", "far5", "192.0.2.5");
        guest("one", "far6", "192.0.2.6");
        eventually(() -> assertThat(reaches("one-a", "192.0.2.2")).isTrue());
        eventually(() -> assertThat(reaches("one-a", "192.0.2.5")).isTrue());
        eventually(() -> assertThat(reaches("one-c", "192.0.2.6")).isTrue());
        assertThat(reaches("one-a", "192.0.2.3")).isFalse();
        assertThat(reaches("one-a", "192.0.2.6")).isFalse();
        assertThat(reaches("one-c", "192.0.2.5")).isFalse();

        // Moved to the other VLAN, it is reached by the others.
        change("one", "add lan b 0 lan01 tag=6");
        eventually(() -> assertThat(reaches("one-b", "192.0.2.6")).isTrue());
        assertThat(reaches("one-a", "192.0.2.2")).isFalse();
        // A trunk that leaves a VLAN out does not carry it.
        change("one", "add lan line 1 lan02 trunks=6");
        eventually(() -> assertThat(reaches("one-a", "192.0.2.5")).isFalse());
        assertThat(reaches("one-b", "192.0.2.6")).isTrue();
    }
}
