// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.lab.space.HostLabSpace;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;

/** Taps and borrowed links of a lab with a real switch, on the kernel's links. */
class LinkItemsIT {
    private static final String NAMESPACE = "cloonix_net";
    private static final String MAC = "02:11:22:33:44:55";
    private static final int LIMIT_S = 60;

    @TempDir
    Path runtime;

    private LabFolders folders;
    private HostLabProcesses processes;
    private HostLabSpace space;
    private TapMachines taps;
    private NatMachines nats;
    private PhyMachines phys;
    private String linksBefore;

    @BeforeEach
    void open() {
        Laboratory.require();
        Links.addNamespace("guest");
        linksBefore = Links.ip("-o", "link");
        folders = LabFolders.below(runtime);
        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
        taps = new TapMachines(folders, space.datapath());
        nats = new NatMachines(processes, folders);
        phys = new PhyMachines(folders);
        await(space.ensure("net"));
    }

    @AfterEach
    void close() {
        await(space.remove("net"));
        Links.deleteNamespace("guest");
        phys.close();
        nats.close();
        taps.close();
        space.close();
        processes.close();
        assertThat(Links.ip("-o", "link")).isEqualTo(linksBefore);
    }

    @Test
    void a_host_reaches_a_lan_by_a_tap() throws Exception {
        LabItem left = tap("left", 1, MAC);
        LabItem right = tap("right", 2, "02:11:22:33:44:66");
        await(taps.start("net", left));
        await(taps.start("net", right));
        await(taps.start("net", right));

        assertThat(Links.ip("link", "show", "left"))
                .contains("alias op-dbus lab net", "link/ether " + MAC, ",UP,", "link-netns " + NAMESPACE);
        assertThat(states(taps)).containsOnlyKeys("left", "right").containsValue(MachineState.RUNNING);
        addLan("_b_lan", "_k_1_0", "_k_2_0");
        // Two addresses of one host would reach each other without any link.
        Links.ip("link", "set", "right", "netns", "guest");
        Links.ipInside("guest", "address", "add", "192.0.2.2/24", "dev", "right");
        Links.ipInside("guest", "link", "set", "right", "up");
        Links.ip("address", "add", "192.0.2.1/24", "dev", "left");
        run("ping", "-c", "1", "-W", "20", "192.0.2.2");
        // A tap that its user has moved is still one.
        assertThat(states(taps)).containsOnlyKeys("left", "right");
        await(taps.start("net", right));
        await(taps.stop("net", right));
        assertThat(Links.ipInside("guest", "-o", "link")).doesNotContain("right");
        await(taps.stop("net", left));
        await(taps.stop("net", left));
        assertThat(Links.ip("-o", "link")).isEqualTo(linksBefore);
        assertThat(states(taps)).isEmpty();
    }

    @Test
    void a_lab_reaches_by_nat_what_the_host_reaches_but_not_its_loopback() throws Exception {
        LabItem nat = item("out", 4, MAC, new LabMachine.Nat());
        await(taps.start("net", tap("left", 1, MAC)));
        await(nats.start("net", nat));
        await(nats.start("net", nat));
        assertThat(states(nats)).containsOnlyKeys("out");
        addLan("_b_lan", "_k_1_0", "_k_4_0");
        Links.ip("link", "set", "left", "netns", "guest");
        Links.ipInside("guest", "address", "add", "10.0.2.50/24", "dev", "left");
        Links.ipInside("guest", "link", "set", "left", "up");
        Links.ipInside("guest", "route", "add", "default", "via", "10.0.2.2");
        Links.addVeth("mine", "peer");
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getByName("0.0.0.0"))) {
            Links.ip("address", "add", "198.51.100.1/24", "dev", "mine");
            Links.setUp("mine");
            String port = Integer.toString(server.getLocalPort());
            run("ip", "netns", "exec", "guest", "nc", "-z", "-w", "20", "198.51.100.1", port);
            assertThat(server.accept().getInetAddress().getHostAddress()).isEqualTo("198.51.100.1");
            assertThatThrownBy(() -> run("ip", "netns", "exec", "guest", "nc", "-z", "-w", "2", "10.0.2.2", port))
                    .isInstanceOf(AssertionError.class);
        } finally {
            Links.delete("mine");
        }
        TestSubscriber<String> changes = nats.changes().test();
        await(nats.stop("net", nat));
        await(nats.stop("net", nat));
        eventually(() -> assertThat(changes.values()).containsExactly("net"));
        eventually(() -> assertThat(states(nats)).isEmpty());
    }

    @Test
    void a_tap_never_touches_a_link_of_the_host() {
        Links.addVeth("mine", "peer");
        try {
            assertThatThrownBy(() -> await(taps.start("net", tap("mine", 1, MAC))))
                    .isInstanceOf(LabRefusal.class)
                    .hasMessageContaining("has a link mine already");
            await(taps.stop("net", tap("mine", 1, MAC)));
            assertThat(Links.ip("-o", "link")).contains("mine@peer");
            assertThat(Links.ipInside(NAMESPACE, "-o", "link")).doesNotContain("_k_1_0");
            assertThatThrownBy(() -> await(taps.start("net", tap("much-too-long-a-name", 1, MAC))))
                    .isInstanceOf(LabRefusal.class);
        } finally {
            Links.delete("mine");
        }
    }

    @Test
    void half_a_tap_is_made_again_and_taps_go_with_their_lab() {
        Links.ipInside(NAMESPACE, "link", "add", "_k_1_0", "type", "veth", "peer", "name", "half");
        LabItem half = tap("half", 1, MAC);
        assertThat(states(taps)).isEmpty();
        await(taps.start("net", half));
        assertThat(states(taps)).containsOnlyKeys("half");

        await(space.remove("net"));

        assertThat(Links.ip("-o", "link")).isEqualTo(linksBefore);
        await(taps.stop("net", half));
        assertThat(states(taps)).isEmpty();
    }

    @Test
    void a_link_of_the_host_is_borrowed_and_given_back_as_it_was() {
        Links.addVeth("real", "other");
        try {
            Links.setMac("real", "02:aa:bb:cc:dd:ee");
            Links.setUp("real");
            LabItem phy = phy("real", 3);
            await(phys.start("net", phy));
            await(phys.start("net", phy));

            assertThat(Links.ip("-o", "link")).doesNotContain(" real@");
            assertThat(Links.ipInside(NAMESPACE, "link", "show", "_k_3_0")).contains("02:aa:bb:cc:dd:ee", ",UP");
            assertThat(states(phys)).containsOnlyKeys("real");
            Links.ipInside(NAMESPACE, "link", "set", "_k_3_0", "address", "02:00:00:00:00:01");

            await(phys.stop("net", phy));
            await(phys.stop("net", phy));

            assertThat(Links.ip("link", "show", "real")).contains("02:aa:bb:cc:dd:ee", ",UP");
            assertThat(states(phys)).isEmpty();
        } finally {
            Links.delete("real");
        }
    }

    @Test
    void a_lab_that_ends_gives_back_what_it_borrowed_also_after_a_crash_in_the_middle() {
        Links.addVeth("real", "other");
        try {
            await(phys.start("net", phy("real", 3)));
            // As if the agent had been killed between the move and the change of the name.
            Links.ipInside(NAMESPACE, "link", "set", "_k_3_0", "down");
            Links.ipInside(NAMESPACE, "link", "set", "_k_3_0", "name", "real");
            await(space.remove("net"));
            assertThat(Links.ip("-o", "link")).contains("real@other").doesNotContain("_k_3_0");
            assertThat(Links.ip("link", "show", "real")).doesNotContain(",UP");
        } finally {
            Links.delete("real");
        }
    }

    @Test
    void a_lab_whose_namespace_lost_its_name_gives_back_what_it_borrowed() {
        Links.addVeth("real", "other");
        try {
            Links.setUp("real");
            await(phys.start("net", phy("real", 3)));
            Links.deleteNamespace(NAMESPACE);
            await(space.ensure("net"));
            assertThat(Links.ip("link", "show", "real")).contains("real@other", ",UP");

            // As if the kernel had taken it back, because nothing was left in the namespace.
            await(phys.start("net", phy("real", 3)));
            Links.ipInside(
                    NAMESPACE,
                    "link",
                    "set",
                    "_k_3_0",
                    "netns",
                    Long.toString(ProcessHandle.current().pid()));
            Links.deleteNamespace(NAMESPACE);
            for (LabProcess process : processes.running("net").blockingGet()) {
                ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
            }
            eventually(() -> assertThat(processes.running("net").blockingGet()).isEmpty());
            await(space.remove("net"));
            assertThat(Links.ip("link", "show", "real")).contains("real@other", ",UP");
        } finally {
            Links.delete("real");
        }
    }

    @Test
    void a_name_that_was_taken_meanwhile_keeps_the_link_in_the_lab_until_it_is_free() {
        Links.addVeth("real", "other");
        try {
            await(phys.start("net", phy("real", 3)));
            Links.addBridge("real");
            assertThatThrownBy(() -> await(space.remove("net")))
                    .isInstanceOf(LabRefusal.class)
                    .hasMessageContaining("another link of that name");
            Links.delete("real");
            await(space.remove("net"));
            assertThat(Links.ip("-o", "link")).contains("real@other");
        } finally {
            Links.delete("other");
        }
    }

    @Test
    void a_link_that_the_host_uses_is_refused_and_left_alone() {
        Links.addVeth("real", "other");
        Links.addBridge("bridge");
        try {
            assertRefused("lo", "loopback");
            assertRefused("absent", "no link absent");
            Links.ip("address", "add", "192.0.2.1/24", "dev", "real");
            assertRefused("real", "has an IP address");
            Links.ip("address", "flush", "dev", "real");
            Links.setMaster("real", "bridge");
            assertRefused("real", "is a port of bridge");
            Links.setNoMaster("real");
            Links.ip("link", "add", "link", "real", "name", "upper", "type", "macvlan");
            assertRefused("real", "carries other links");
        } finally {
            Links.delete("real");
            Links.delete("bridge");
        }
    }

    private void assertRefused(String link, String why) {
        String before = Links.ip("-o", "link");
        assertThatThrownBy(() -> await(phys.start("net", phy(link, 3))))
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining(why);
        assertThat(Links.ip("-o", "link")).isEqualTo(before);
        assertThat(folders.of("net").resolve(link + ".link")).doesNotExist();
    }

    private void addLan(String bridge, String... ports) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("ovs-vsctl", "--timeout=30", "--db=unix:" + space.databaseSocket("net"), "add-br", bridge));
        command.addAll(List.of("--", "set", "bridge", bridge, "datapath_type=" + space.datapath()));
        for (String port : ports) {
            command.addAll(List.of("--", "add-port", bridge, port));
        }
        run(command.toArray(String[]::new));
    }

    private static LabItem tap(String name, int id, String mac) {
        return item(name, id, mac, new LabMachine.Tap());
    }

    private static LabItem phy(String name, int id) {
        return item(name, id, MAC, new LabMachine.Phy());
    }

    private static LabItem item(String name, int id, String mac, LabMachine machine) {
        return new LabItem(name, id, machine, List.of(new LabEndpoint(0, false, mac, Optional.empty())));
    }

    private static Map<String, MachineState> states(LabMachines machines) {
        return machines.states("net").timeout(LIMIT_S, TimeUnit.SECONDS).blockingGet();
    }

    private static void await(Completable work) {
        if (!work.blockingAwait(LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within " + LIMIT_S + " s");
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }
}
