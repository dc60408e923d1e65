// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.KernelLinks;
import org.opdbus.verticles.hotpath.HotPath;
import org.opdbus.verticles.hotpath.HotPath.Conduct;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.netlink.NetlinkVerticle;
import org.opdbus.verticles.ovsdb.OvsPorts;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.OvsdbVerticle;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Inside;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Intent.TakenBack;
import org.opdbus.verticles.proxmox.ProxmoxOptions;
import org.opdbus.verticles.proxmox.ProxmoxVerticle;
import org.opdbus.verticles.reconcile.ReconcileOptions;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PrivateOvs;
import org.opdbus.verticles.testing.QemuMachine;

/** Real machines become ports of a real Open vSwitch. */
@Timeout(300)
class MachinePortsIT {
    private static final ContainerId WEB = Kind.VM.id("web");

    private final PrivateOvs ovs = new PrivateOvs().start();
    private final KernelLinks links = KernelLinks.open();
    private final Map<ContainerId, Intent> wanted = new ConcurrentHashMap<>();

    /** The laboratory's own folder for such files ends with it. */
    private final Path etc = folder();

    private final List<QemuMachine> machines = new ArrayList<>();
    private Agent agent = new Agent();

    /** What of an agent deals with machines. */
    private final class Agent {
        final Vertx vertx = Vertx.vertx();
        final Bus bus = new Bus(vertx);
        final BusWatcher events = new BusWatcher(bus);
        final OvsdbVerticle database = new OvsdbVerticle(bus, OvsdbOptions.of(ovs.socket()));
        final ProxmoxVerticle proxmox = new ProxmoxVerticle(bus, ProxmoxOptions.of(etc.resolve("pve/lxc")));
        final HotPath path = new HotPath(
                bus,
                new HotPath.Options(
                        "here", new NamingRule("vi{id}"), "br0", Conduct.REPAIR_DRIFT, new ReconcileOptions(600_000)),
                id -> wanted.getOrDefault(id, Intent.leaveAlone()),
                new Edges(links, new OvsPorts(database.ports()), new VmPresence(), Optional.of(proxmox::read)),
                List.of());

        void start() {
            List<Deployable> parts = List.of(
                    path.on(Optional.empty()), proxmox, database, new VmVerticle(bus), new NetlinkVerticle(bus));
            parts.forEach(part -> vertx.deployVerticle(part)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join());
        }

        void stop() {
            events.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @BeforeEach
    void open() {
        ovs.addBridge("br0");
        ovs.addBridge("br1");
    }

    @AfterEach
    void close() {
        agent.stop();
        machines.forEach(QemuMachine::close);
        links.close();
        ovs.close();
        eventually(() -> assertThat(Links.ip("-oneline", "link")).doesNotContain(" tap"));
    }

    @Test
    void the_taps_of_a_machine_are_attached_with_their_vlan_and_its_end_takes_the_ports_away() {
        agent.start();
        want(WEB, "br0", 42);
        QemuMachine web = start("web", "tap0");

        ContainerEnrolled enrolled = enrolled(WEB, "tap0");
        assertThat(enrolled.vlan()).contains(42);
        assertThat(enrolled.mac()).contains(QemuMachine.mac(0));
        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("tap0");
        assertThat(ovs.vsctl("get", "port", "tap0", "tag", "external_ids:\"op-dbus:container\"")
                        .lines())
                .containsExactly("42", "\"vm:web\"");
        assertThat(ovs.vsctl("get", "interface", "tap0", "external_ids:attached-mac"))
                .contains(QemuMachine.mac(0));
        assertThat(Links.ip("-oneline", "link", "show", "tap0")).contains("UP");

        web.plug(1, "tap1");
        assertThat(enrolled(WEB, "tap1").mac()).isEmpty();

        web.close();
        left("tap0");
        left("tap1");
        assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
    }

    @Test
    void a_machine_without_an_entry_is_left_alone() {
        agent.start();
        start("db", "tap0");
        ContainerId db = Kind.VM.id("db");
        eventually(() -> assertThat(agent.path.router().status().blockingGet()).anySatisfy(status -> {
            assertThat(status.id()).isEqualTo(db);
            assertThat(status.standing()).isEqualTo(ContainerPhase.LEFT_ALONE);
        }));
        assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
    }

    @Test
    void a_port_that_another_program_made_is_adopted_and_gets_the_vlan_of_the_entry() {
        start("web", "tap0");
        eventually(() -> assertThat(Links.ip("link")).contains("tap0"));
        ovs.vsctl("add-port", "br0", "tap0");
        want(WEB, "br0", 7);

        agent.start();

        ContainerEnrolled enrolled = enrolled(WEB, "tap0");
        assertThat(enrolled.maker()).contains(PortMaker.OTHER);
        eventually(() -> assertThat(ovs.vsctl("get", "port", "tap0", "tag")).isEqualTo("7"));
    }

    @Test
    void an_entry_that_names_no_bridge_any_more_takes_back_the_vlan_of_an_adopted_port_and_removes_the_agents_own() {
        start("web", "tap0");
        eventually(() -> assertThat(Links.ip("link")).contains("tap0"));
        ovs.vsctl("add-port", "br0", "tap0");
        want(WEB, "br0", 7);
        agent.start();
        enrolled(WEB, "tap0");
        eventually(() -> assertThat(ovs.vsctl("get", "port", "tap0", "tag")).isEqualTo("7"));
        ContainerId db = Kind.VM.id("db");
        want(db, "br0", 8);
        start("db", "tap1");
        enrolled(db, "tap1");

        takeBack(WEB);
        takeBack(db);
        eventually(() -> assertThat(ovs.vsctl("get", "port", "tap0", "tag")).isEqualTo("[]"));
        eventually(() -> assertThat(ovs.vsctl("list-ports", "br0"))
                .as("who made the port of web has not taken it away")
                .isEqualTo("tap0"));
        assertThat(Links.ip("link")).as("the machine runs on").contains("tap1");
    }

    /** The entry of a machine is there, and no longer names a bridge and a VLAN. */
    private void takeBack(ContainerId id) {
        wanted.put(
                id,
                new Intent(
                        true,
                        true,
                        "",
                        Naming.RENAME,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Inside.UNNAMED,
                        new TakenBack(true, Optional.empty())));
        agent.path.router().look(id).blockingAwait();
    }

    @Test
    void a_machine_that_ended_while_no_agent_ran_leaves_no_port() {
        agent.start();
        want(WEB, "br0", 42);
        QemuMachine web = start("web", "tap0");
        enrolled(WEB, "tap0");
        agent.stop();
        web.close();
        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("tap0");

        agent = new Agent();
        agent.start();
        left("tap0");
        assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
    }

    @Test
    void a_machine_that_runs_on_keeps_its_port_across_a_restart_of_the_agent() {
        agent.start();
        want(WEB, "br0", 42);
        start("web", "tap0");
        enrolled(WEB, "tap0");
        String uuid = ovs.vsctl("get", "port", "tap0", "_uuid");
        agent.stop();

        agent = new Agent();
        agent.start();
        enrolled(WEB, "tap0");
        assertThat(ovs.vsctl("get", "port", "tap0", "_uuid")).isEqualTo(uuid);
        assertThat(agent.events.seen(ContainerLeft.class)).isEmpty();
    }

    @Test
    void a_tap_behind_a_firewall_bridge_is_refused() {
        start("web", "tap0");
        eventually(() -> assertThat(Links.ip("link")).contains("tap0"));
        Links.addBridge("fwbr101i0");
        Links.setMaster("tap0", "fwbr101i0");
        want(WEB, "br0", 42);
        try {
            agent.start();
            refused(WEB, "firewall bridge");
            assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
        } finally {
            Links.delete("fwbr101i0");
        }
    }

    @Test
    void a_port_that_proxmox_made_is_adopted_as_proxmox_configures_it() throws IOException {
        configure("net0: virtio=" + QemuMachine.mac(0) + ",bridge=br0,tag=5\n");
        ContainerId id = Kind.VM.id("101");
        want(id, "br0", 42);
        agent.start();
        start("web", "tap101i0");
        eventually(() -> assertThat(Links.ip("link")).contains("tap101i0"));
        ovs.vsctl("add-port", "br0", "tap101i0", "tag=5");

        ContainerEnrolled enrolled = enrolled(id, "tap101i0");
        assertThat(enrolled.maker()).contains(PortMaker.OTHER);
        assertThat(enrolled.vlan()).as("Proxmox decides").contains(5);

        // Proxmox moves it to another VLAN.
        configure("net0: virtio=" + QemuMachine.mac(0) + ",bridge=br0,tag=6\n");
        ovs.vsctl("set", "port", "tap101i0", "tag=6");
        agent.events.expect(ContainerEnrolled.class, event -> event.vlan().equals(Optional.of(6)));
        assertThat(agent.events.seen(DriftSeen.class)).isEmpty();
        machines.forEach(QemuMachine::close);
        left("tap101i0");
        assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
    }

    @Test
    void a_machine_that_proxmox_filters_or_plugs_elsewhere_is_refused() throws IOException {
        configure("net0: virtio=" + QemuMachine.mac(0) + ",bridge=br0,firewall=1\nnet1: virtio=" + QemuMachine.mac(1)
                + ",bridge=br1\n");
        ContainerId id = Kind.VM.id("101");
        want(id, "br0", 42);
        agent.start();
        start("web", "tap101i0", "tap101i1");

        refused(id, "firewall=1");
        assertThat(refused(id, "Proxmox plugs link tap101i1 into bridge br1").remedy())
                .contains("qm set 101 --net1");
        assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
        assertThat(ovs.vsctl("list-ports", "br1")).isEmpty();
    }

    private void configure(String text) throws IOException {
        Files.createDirectories(etc.resolve("pve/lxc"));
        Path machines = Files.createDirectories(etc.resolve("pve/qemu-server"));
        Path next = Files.writeString(machines.resolve("101.conf.tmp"), text);
        Files.move(next, machines.resolve("101.conf"), StandardCopyOption.ATOMIC_MOVE);
    }

    private EnrollmentRefused refused(ContainerId id, String message) {
        return agent.events.expect(
                EnrollmentRefused.class,
                event -> event.container().equals(id) && event.message().contains(message));
    }

    private ContainerEnrolled enrolled(ContainerId id, String tap) {
        return agent.events.expect(
                ContainerEnrolled.class,
                event -> event.container().equals(id) && event.link().value().equals(tap));
    }

    private void left(String tap) {
        agent.events.expect(ContainerLeft.class, event -> event.port().equals(tap));
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "etc-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void want(ContainerId id, String bridge, int vlan) {
        wanted.put(
                id,
                new Intent(
                        true,
                        true,
                        bridge,
                        Naming.RENAME,
                        Optional.empty(),
                        Optional.of(vlan),
                        Optional.empty(),
                        Inside.UNNAMED,
                        TakenBack.NOTHING));
    }

    private QemuMachine start(String name, String... taps) {
        QemuMachine machine = QemuMachine.start(name, taps);
        machines.add(machine);
        return machine;
    }
}
