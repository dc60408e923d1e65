// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
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
    private final List<QemuMachine> machines = new ArrayList<>();
    private Agent agent = new Agent();

    /** What of an agent deals with machines. */
    private final class Agent {
        final Vertx vertx = Vertx.vertx();
        final Bus bus = new Bus(vertx);
        final BusWatcher events = new BusWatcher(bus);
        final OvsdbVerticle database = new OvsdbVerticle(bus, OvsdbOptions.of(ovs.socket()));
        final HotPath path = new HotPath(
                bus,
                new HotPath.Options(
                        "here", new NamingRule("vi{id}"), "br0", Conduct.REPAIR_DRIFT, new ReconcileOptions(600_000)),
                id -> wanted.getOrDefault(id, Intent.leaveAlone()),
                new Edges(links, new OvsPorts(database.ports()), new VmPresence()),
                List.of());

        void start() {
            List<Deployable> parts =
                    List.of(path.on(Optional.empty()), database, new VmVerticle(bus), new NetlinkVerticle(bus));
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
            EnrollmentRefused refused = agent.events.expect(
                    EnrollmentRefused.class, event -> event.container().equals(WEB));
            assertThat(refused.message()).contains("firewall bridge");
            assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
        } finally {
            Links.delete("fwbr101i0");
        }
    }

    private ContainerEnrolled enrolled(ContainerId id, String tap) {
        return agent.events.expect(
                ContainerEnrolled.class,
                event -> event.container().equals(id) && event.link().value().equals(tap));
    }

    private void left(String tap) {
        agent.events.expect(ContainerLeft.class, event -> event.port().equals(tap));
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
