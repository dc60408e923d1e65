// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Workload.Tap;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.vm.QemuProcess.HeldTap;

class MachineTableTest {
    private static final Map<String, Link> LINKS =
            Map.of("tap0", link("tap0", 10), "tap1", link("tap1", 11), "tap101i0", link("tap101i0", 12));

    private final MachineTable table = new MachineTable();

    @Test
    void a_machine_starts_once_changes_and_ends() {
        VirtualMachine web = machine("web", "tap0");
        assertThat(table.seen(process(7, "web", "tap0"), LINKS))
                .containsExactly(new ContainerDefined(web), new ContainerStarted(web, 7));
        assertThat(table.seen(process(7, "web", "tap0"), LINKS)).isEmpty();
        assertThat(table.holderOf(10)).contains(7L);

        VirtualMachine two = machine("web", "tap0", "tap1");
        assertThat(table.seen(process(7, "web", "tap0", "tap1"), LINKS)).containsExactly(new ContainerDefined(two));
        assertThat(table.seenWithoutTap(7)).containsExactly(new ContainerDefined(machine("web")));
        assertThat(table.holderOf(10)).isEmpty();

        assertThat(table.ended(7, "why"))
                .containsExactly(new ContainerStopped(machine("web"), "why"), new ContainerRemoved(machine("web")));
        assertThat(table.ended(7, "why")).isEmpty();
        assertThat(table.count()).isZero();
    }

    @Test
    void a_process_without_a_tap_of_this_namespace_is_no_machine() {
        assertThat(table.seen(process(7, "web", "elsewhere"), LINKS)).isEmpty();
        assertThat(table.isKnown(7)).isFalse();
    }

    @Test
    void a_second_machine_of_the_same_name_has_the_name_of_its_tap() {
        table.seen(process(7, "web", "tap0"), LINKS);
        assertThat(ids(table.seen(process(8, "web", "tap1"), LINKS))).containsOnly("vm:tap1");
    }

    @Test
    void a_machine_of_proxmox_waits_until_its_former_process_has_ended() {
        assertThat(ids(table.seen(process(7, "web", "tap101i0"), LINKS))).containsOnly("vm:101");
        assertThat(table.seen(process(8, "web", "tap101i0"), LINKS)).isEmpty();
        table.ended(7, "why");
        assertThat(ids(table.seen(process(8, "web", "tap101i0"), LINKS))).containsOnly("vm:101");
    }

    @Test
    void a_tap_that_another_machine_has_taken_over_stays_its() {
        table.seen(process(7, "a", "tap0"), LINKS);
        table.seen(process(8, "b", "tap0", "tap1"), LINKS);
        assertThat(table.holderOf(10)).contains(8L);
        table.ended(7, "why");
        assertThat(table.holderOf(10)).contains(8L);
    }

    private static List<String> ids(List<ContainerEvent> events) {
        return events.stream().map(ContainerEvent::subject).toList();
    }

    private static VirtualMachine machine(String name, String... taps) {
        List<Tap> all = Stream.of(taps)
                .map(tap ->
                        new Tap(Objects.requireNonNull(LINKS.get(tap)).index(), new LinkName(tap), Optional.empty()))
                .toList();
        return new VirtualMachine(ContainerId.Kind.VM.id(name), name, all);
    }

    private static Link link(String name, int index) {
        return new Link(
                index,
                new LinkName(name),
                List.of(),
                "tun",
                Optional.of("02:00:00:00:00:01"),
                0,
                Link.NO_NAMESPACE,
                0,
                true,
                true);
    }

    private static QemuProcess process(long pid, String name, String... taps) {
        List<HeldTap> held =
                Stream.of(taps).map(tap -> new HeldTap(tap, Optional.empty())).toList();
        return new QemuProcess(pid, Long.toString(pid), Optional.of(name), held);
    }
}
