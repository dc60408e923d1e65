// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.Workload.Tap;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.edges.ContainerCheck.Presence;
import org.opdbus.verticles.netlink.NetlinkVerticle;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.QemuMachine;

/** Real processes of qemu, and the real kernel's reports about their taps. */
@Timeout(300)
class MachinesIT {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher events = new BusWatcher(bus);
    private final VmPresence presence = new VmPresence();
    private final List<QemuMachine> machines = new ArrayList<>();
    private final List<String> persistent = new ArrayList<>();

    @AfterEach
    void close() {
        machines.forEach(QemuMachine::close);
        persistent.forEach(Links::delete);
        events.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        eventually(() -> assertThat(Links.ip("link")).doesNotContain("tap"));
    }

    @Test
    void machines_that_run_already_are_listed_before_the_source_says_that_it_has_listed() {
        start("web", "tap101i0", "tap101i1");
        start("db", "tapdb");
        eventually(() -> assertThat(Links.ip("link")).contains("tap101i1", "tapdb"));

        watch();

        assertThat(listed().count()).isEqualTo(2);
        VirtualMachine web = started("vm:101").machine();
        assertThat(web.name()).isEqualTo("web");
        assertThat(web.taps()).extracting(Tap::mac).containsExactly(mac(0), mac(1));
        assertThat(started("vm:db").pid()).isEqualTo(machines.get(1).pid());
        List<String> before = events.seen().stream()
                .takeWhile(event -> !isListing(event))
                .filter(ContainerEvent.class::isInstance)
                .map(event -> event.kind() + " " + event.subject())
                .toList();
        assertThat(before)
                .containsExactly(
                        "container.defined vm:101",
                        "container.started vm:101",
                        "container.defined vm:db",
                        "container.started vm:db");
    }

    @Test
    void a_machine_is_started_and_killed() {
        watch();
        assertThat(listed().count()).isZero();
        assertThat(presence.presence(id("vm:web")).blockingGet()).isEqualTo(Presence.GONE);

        QemuMachine web = start("web", "tap0");
        Started started = started("vm:web");
        assertThat(started.pid()).isEqualTo(web.pid());
        assertThat(started.machine().taps()).containsExactly(tap("tap0", mac(0)));
        assertThat(presence.presence(id("vm:web")).blockingGet()).isEqualTo(Presence.RUNNING);

        web.close();
        events.expect(ContainerRemoved.class, event -> event.subject().equals("vm:web"));
        assertThat(story("vm:web")).containsExactly("Defined", "Started", "Stopped", "Removed");
        assertThat(presence.presence(id("vm:web")).blockingGet()).isEqualTo(Presence.GONE);
    }

    @Test
    void a_tap_that_stays_is_found_again_with_the_next_machine() {
        addTap("tap0");
        watch();
        assertThat(listed().count()).isZero();

        QemuMachine first = start("web", "tap0");
        started("vm:web");
        first.close();
        events.expect(ContainerRemoved.class, event -> event.subject().equals("vm:web"));

        QemuMachine second = start("web", "tap0");
        events.expect(ContainerStarted.class, event -> event.initPid() == second.pid());
        assertThat(story("vm:web")).containsExactly("Defined", "Started", "Stopped", "Removed", "Defined", "Started");
    }

    @Test
    void cards_that_are_plugged_in_and_out_change_the_machine() {
        watch();
        QemuMachine web = start("web", "tap0");
        started("vm:web");

        web.plug(1, "tap1");
        Tap first = tap("tap0", mac(0));
        ContainerDefined both = defined(2);
        assertThat(both.subject()).isEqualTo("vm:web");
        assertThat(((VirtualMachine) both.container()).taps()).containsExactly(first, tap("tap1", Optional.empty()));

        web.unplug(1);
        int vanished = index("tap1");
        events.expect(LinkVanished.class, event -> event.link().index() == vanished);
        eventually(() -> assertThat(story("vm:web")).containsExactly("Defined", "Started", "Defined", "Defined"));
        assertThat(events.seen(ContainerDefined.class).get(2).container())
                .isEqualTo(new VirtualMachine(id("vm:web"), "web", List.of(first)));
    }

    @Test
    void two_machines_of_the_same_name_are_two_machines() {
        watch();
        start("web", "tap0");
        started("vm:web");
        start("web", "tap1");
        started("vm:tap1");
    }

    @Test
    void taps_of_others_are_no_machines() {
        Links.addNamespace("lab");
        try {
            // The tap of this name here is another one than that of the machine in the other namespace.
            machines.add(QemuMachine.start(List.of("ip", "netns", "exec", "lab"), "lab", "tap0"));
            eventually(() -> assertThat(Links.ipInside("lab", "link")).contains("tap0"));
            addTap("tap0");
            Links.ip("tuntap", "add", "dev", "tunvpn", "mode", "tun");
            persistent.add("tunvpn");
            watch();
            assertThat(listed().count()).isZero();
            assertThat(presence.presence(id("vm:lab")).blockingGet()).isEqualTo(Presence.GONE);

            start("web", "tap1");
            started("vm:web");
            assertThat(events.seen(ContainerStarted.class)).hasSize(1);
        } finally {
            machines.forEach(QemuMachine::close);
            Links.deleteNamespace("lab");
        }
    }

    @Test
    void a_host_without_taps_has_no_thread_for_them() {
        watch();
        assertThat(listed().count()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("op-dbus-vm");
    }

    private record Started(VirtualMachine machine, long pid) {}

    private Started started(String id) {
        ContainerStarted event =
                events.expect(ContainerStarted.class, found -> found.subject().equals(id));
        return new Started((VirtualMachine) event.container(), event.initPid());
    }

    private ContainerDefined defined(int taps) {
        return events.expect(
                ContainerDefined.class,
                event -> event.container() instanceof VirtualMachine machine
                        && machine.taps().size() == taps);
    }

    private SourceListed listed() {
        return events.expect(SourceListed.class, MachinesIT::isListing);
    }

    private static boolean isListing(Event event) {
        return event instanceof SourceListed listed && listed.source() == Source.VM;
    }

    private List<String> story(String id) {
        return events.seen(ContainerEvent.class).stream()
                .filter(event -> event.subject().equals(id))
                .map(event -> event.getClass().getSimpleName().replace("Container", ""))
                .toList();
    }

    private Tap tap(String name, Optional<String> mac) {
        return new Tap(index(name), new LinkName(name), mac);
    }

    private int index(String tap) {
        return events.expect(
                        LinkAppeared.class, event -> event.link().name().value().equals(tap))
                .link()
                .index();
    }

    private void addTap(String name) {
        Links.ip("tuntap", "add", "dev", name, "mode", "tap");
        persistent.add(name);
        Links.setUp(name);
    }

    private QemuMachine start(String name, String... taps) {
        QemuMachine machine = QemuMachine.start(name, taps);
        machines.add(machine);
        return machine;
    }

    /** The source of machines listens before the source of links tells of any. */
    private void watch() {
        vertx.deployVerticle(new VmVerticle(bus))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        vertx.deployVerticle(new NetlinkVerticle(bus))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static ContainerId id(String value) {
        return new ContainerId(value);
    }

    private static Optional<String> mac(int number) {
        return Optional.of(QemuMachine.mac(number));
    }
}
