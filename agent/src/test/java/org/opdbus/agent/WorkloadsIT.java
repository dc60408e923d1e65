// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.agent.WorkloadHost.Guest;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.testing.QemuMachine;

/**
 * Containers of Docker, Podman and LXC and machines of qemu beside one another, with a real dockerd, a real podman service and a real
 * agent.
 * {@code -Dworkloads=20} makes them more.
 */
@TestInstance(Lifecycle.PER_CLASS)
class WorkloadsIT {
    private static final int COUNT = Integer.getInteger("workloads", 3);

    private static final int MACHINES = Math.max(1, COUNT / 5);

    private final WorkloadHost scene = new WorkloadHost();

    @BeforeAll
    void start() throws IOException {
        Files.writeString(
                scene.host.agent.stateFile(),
                IntStream.range(0, MACHINES)
                        .mapToObj(n -> "{\"id\":\"m" + n + "\",\"bridge\":\"" + TestHost.BRIDGE
                                + "\",\"properties\":{\"vlan\":" + (60 + n) + "}}")
                        .collect(
                                Collectors.joining(",", "{\"version\":1,\"plugins\":{\"vm\":{\"machines\":[", "]}}}")));
        scene.start();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void all_that_start_at_once_are_on_their_vlans_with_their_addresses_and_leave_nothing() {
        List<Guest> guests = new ArrayList<>();
        for (int n = 1; n <= COUNT; n++) {
            guests.add(scene.inDocker("d" + n, 40 + n % 2, "10.40.0." + n));
            guests.add(scene.inPodman("p" + n, 40 + n % 2, "10.40.0." + (100 + n)));
        }
        List<String> lxc = IntStream.range(0, COUNT * 3 / 5)
                .mapToObj(n -> Integer.toString(200 + n))
                .toList();
        lxc.forEach(id -> scene.host.lxc.create(Definition.of(id)));
        List<QemuMachine> machines = new CopyOnWriteArrayList<>();
        List<Runnable> beside = new ArrayList<>();
        lxc.forEach(id -> beside.add(() -> scene.host.lxc.start(id)));
        IntStream.range(0, MACHINES)
                .forEach(n -> beside.add(() -> machines.add(QemuMachine.start("m" + n, "tap" + n))));
        scene.run(guests, beside);

        guests.forEach(scene::awaitEnrolled);
        lxc.forEach(id -> scene.host.awaitEnrolled(id, "vi" + id));
        Set<String> ports = new TreeSet<>();
        guests.forEach(guest -> ports.add(WorkloadHost.port(guest)));
        lxc.forEach(id -> ports.add("vi" + id));
        for (int n = 0; n < MACHINES; n++) {
            awaitMachine("tap" + n, 60 + n);
            ports.add("tap" + n);
        }
        assertThat(scene.host.ports()).isEqualTo(ports);
        Guest docker = guests.get(0);
        docker.pings(guests.get(1));
        guests.get(1).pings(docker);
        eventually(() -> {
            LedgerStory story = LedgerStory.of(scene.host.agent).isToldOnce();
            assertThat(story.open()).hasSameSizeAs(ports);
        });

        scene.docker.remove(named(guests, "docker"));
        scene.podman.remove(named(guests, "podman"));
        lxc.forEach(scene.host.lxc::stop);
        machines.forEach(QemuMachine::close);
        scene.awaitNothing();
    }

    private void awaitMachine(String tap, int vlan) {
        eventually(() -> {
            Rows rows = Rows.of(scene.host.ovs);
            assertThat(rows.ofport(tap)).isPositive();
            assertThat(rows.tag(tap)).isEqualTo(Integer.toString(vlan));
            assertThat(rows.externalIds(tap)).containsKey("op-dbus:entry");
        });
    }

    private static List<String> named(List<Guest> guests, String plugin) {
        return guests.stream()
                .filter(guest -> guest.plugin().equals(plugin))
                .map(Guest::name)
                .toList();
    }
}
