// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;

/** The readers of files, and how their claims are put together. */
final class OwnershipReadersTest {
    @TempDir
    Path folder;

    private OwnersRoot root;

    @BeforeEach
    void makeTheHost() {
        root = new OwnersRoot(folder);
    }

    @Test
    void a_bare_host_has_no_owners_and_no_troubles() {
        root.links("lo", "eth0");
        Ownership found = root.read(
                new NetworkdReader(root.files()),
                new IfupdownReader(root.files()),
                new ContainerReader(root.files()),
                new ProxmoxReader(root.files()),
                new ResolverReader(root.files()),
                new PortReader());
        assertThat(found.byName()).isEmpty();
        assertThat(found.troubles()).isEmpty();
    }

    @Test
    void networkd_owns_what_it_has_configured() throws IOException {
        root.links("lo", "eth0", "eth1", "eth2")
                .file("/run/systemd/netif/links/1", "# This is private data. Do not parse.\nADMIN_STATE=unmanaged\n")
                .file("/run/systemd/netif/links/2", networkd("configured", "/etc/systemd/network/10-lan.network"))
                .file("/run/systemd/netif/links/3", networkd("pending", ""))
                .file("/run/systemd/netif/links/9", networkd("configured", "/etc/systemd/network/10-lan.network"));

        Ownership found = root.read(new NetworkdReader(root.files()));
        assertThat(found.byName()).containsOnlyKeys("eth0");
        assertThat(found.of("eth0"))
                .containsExactly(new Claim(
                        "eth0", Owner.NETWORKD, "10-lan.network, configured", "/etc/systemd/network/10-lan.network"));
    }

    @Test
    void netplan_is_shown_before_its_renderer() throws IOException {
        root.links("eth0", "eth1")
                .file(
                        "/run/systemd/netif/links/1",
                        networkd("configured", "/run/systemd/network/10-netplan-eth0.network"))
                .file(
                        "/run/systemd/netif/links/2",
                        networkd("configured", "/run/systemd/network/10-netplan-gone.network"))
                .file("/etc/netplan/00-installer.yaml", "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n")
                .file("/etc/netplan/50-cloud-init.yaml", "network:\n  ethernets:\n    eth0:\n      dhcp6: true\n")
                .file("/etc/netplan/60-other.yaml", "network:\n  ethernets:\n    eth9: {dhcp4: true}\n");

        Ownership found = root.read(new NetworkdReader(root.files()));
        assertThat(found.of("eth0"))
                .extracting(Claim::owner, Claim::evidence)
                .containsExactly(
                        tuple(Owner.NETPLAN, "/etc/netplan/50-cloud-init.yaml"),
                        tuple(Owner.NETWORKD, "/run/systemd/network/10-netplan-eth0.network"));
        assertThat(found.of("eth1"))
                .extracting(Claim::owner, Claim::evidence)
                .startsWith(tuple(Owner.NETPLAN, "/run/systemd/network/10-netplan-gone.network"));
    }

    @Test
    void keys_of_netplan_are_found_in_the_text() {
        assertThat(NetplanFiles.defines("network:\n  ethernets:\n    \"eth0\":   # up\n", "eth0"))
                .isTrue();
        assertThat(NetplanFiles.defines("  wifis:\n    wlan0:\n", "wlan0-home")).isTrue();
        assertThat(NetplanFiles.defines("eth0:\n", "eth0")).isFalse();
        assertThat(NetplanFiles.defines("    # eth0:\n    gateway: eth0\n", "eth0"))
                .isFalse();
    }

    @Test
    void a_guest_of_proxmox_needs_its_configuration() throws IOException {
        root.links("veth101i0", "veth101i1", "tap102i0", "fwln101i0", "veth999i0", "vethabc")
                .containers(Map.of(1, new ContainerId("101")))
                .file("/etc/pve/lxc/101.conf", "hostname: a\nnet0: name=eth0,bridge=vmbr0,firewall=1\n")
                .file(
                        "/etc/pve/qemu-server/102.conf",
                        "net0: virtio=BC:24:11:00:00:01,bridge=vmbr0\n[snap]\nnet1: x\n");

        Ownership found = root.read(new ProxmoxReader(root.files()), new ContainerReader(root.files()));
        assertThat(found.byName()).containsOnlyKeys("veth101i0", "tap102i0", "fwln101i0");
        assertThat(found.of("veth101i0"))
                .extracting(Claim::owner, Claim::what)
                .containsExactly(tuple(Owner.PROXMOX, "net0 of container 101"), tuple(Owner.LXC, "container 101"));
        assertThat(found.of("tap102i0").get(0))
                .isEqualTo(new Claim(
                        "tap102i0", Owner.PROXMOX, "net0 of virtual machine 102", "/etc/pve/qemu-server/102.conf"));
    }

    @Test
    void a_link_of_a_workload_is_of_the_program_that_made_the_workload() throws IOException {
        root.links("vi3f2ab1c9d0e1", "viaaaaaaaaaaaa", "tap0")
                .containers(Map.of(
                        1, Kind.DOCKER.id("3f2ab1c9d0e1"), 2, Kind.PODMAN.id("aaaaaaaaaaaa"), 3, Kind.VM.id("a")));
        Ownership found = root.read(new ContainerReader(root.files()));
        assertThat(found.of("vi3f2ab1c9d0e1"))
                .containsExactly(new Claim(
                        "vi3f2ab1c9d0e1",
                        Owner.DOCKER,
                        "container docker:3f2ab1c9d0e1",
                        "its other end is in the network namespace of container docker:3f2ab1c9d0e1"));
        assertThat(found.of("viaaaaaaaaaaaa")).extracting(Claim::owner).containsExactly(Owner.PODMAN);
        assertThat(found.of("tap0"))
                .containsExactly(
                        new Claim("tap0", Owner.QEMU, "virtual machine vm:a", "it is a tap of virtual machine vm:a"));
    }

    @Test
    void the_bridge_of_lxc_net_is_the_one_that_it_is_told() throws IOException {
        root.links("lxcbr0", "virt0").file("/run/lxc/network_up", "");
        assertThat(root.read(new ContainerReader(root.files())).byName()).containsOnlyKeys("lxcbr0");

        root.file("/etc/default/lxc-net", "USE_LXC_BRIDGE=\"true\"\nLXC_BRIDGE=\"virt0\"\n");
        assertThat(root.read(new ContainerReader(root.files())).byName()).containsOnlyKeys("virt0");

        Files.delete(folder.resolve("run/lxc/network_up"));
        assertThat(root.read(new ContainerReader(root.files())).byName()).isEmpty();
    }

    @Test
    void marks_say_whose_a_port_is_and_a_port_without_is_nobodys() {
        Map<String, String> libvirt = Map.of("attached-mac", "52:54:00:00:00:01", "vm-id", "m1", "iface-id", "i");
        root.links("vi1", "vnet0", "tap1", "eth0")
                .port("vi1", Map.of("op-dbus:owner", "here", "op-dbus:container", "1", "op-dbus:enrollment", "e"))
                .port("vnet0", Map.of())
                .port("tap1", Map.of("op-dbus:owner", "here"))
                .port("eth0", Map.of())
                .port("no-link", Map.of("op-dbus:owner", "here"))
                .interfaceIds(Map.of("vi1", libvirt, "vnet0", libvirt));

        Ownership found = root.read(new PortReader());
        assertThat(found.byName()).containsOnlyKeys("vi1", "vnet0");
        assertThat(found.of("vi1"))
                .containsExactly(new Claim(
                        "vi1",
                        Owner.US,
                        "port of container 1 on vmbr0",
                        "Open vSwitch, Port uuid-of-vi1: op-dbus:owner=here"));
        assertThat(found.of("vnet0")).extracting(Claim::owner).containsExactly(Owner.LIBVIRT);
    }

    @Test
    void the_writer_of_the_resolvers_configuration_is_known_by_its_link_or_its_first_line() throws IOException {
        root.link("/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf");
        assertThat(resolver()).containsExactly(Owner.RESOLVED);

        for (Map.Entry<String, Owner> each : Map.of(
                        "# Generated by NetworkManager\nnameserver 192.0.2.1\n", Owner.NETWORK_MANAGER,
                        "# This is /run/systemd/resolve/stub-resolv.conf managed by man:systemd-resolved(8).\n",
                                Owner.RESOLVED,
                        "# Dynamic resolv.conf(5) file for glibc resolver(3) generated by resolvconf(8)\n",
                                Owner.RESOLVCONF)
                .entrySet()) {
            Files.delete(folder.resolve("etc/resolv.conf"));
            root.file("/etc/resolv.conf", each.getKey());
            assertThat(resolver()).containsExactly(each.getValue());
        }
        root.file("/etc/resolv.conf", "nameserver 192.0.2.1\n");
        assertThat(resolver()).isEmpty();
    }

    @Test
    void a_reader_that_fails_or_does_not_end_costs_its_own_claims_only() throws IOException {
        root.links("lxcbr0").file("/run/lxc/network_up", "");

        root.read(new ContainerReader(root.files()));
        Ownership found = root.read(
                Duration.ofSeconds(2),
                reader("the silent one", Single.never()),
                reader("the broken one", Single.error(new IOException("the disk is gone"))),
                new ContainerReader(root.files()));
        assertThat(found.of("lxcbr0")).hasSize(1);
        assertThat(found.troubles())
                .containsExactly(
                        "the broken one: the disk is gone; links that it owns may show no owner",
                        "the silent one: there was no answer in time; links that it owns may show no owner");
    }

    @Test
    void a_file_system_that_does_not_answer_takes_one_thread() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger readings = new AtomicInteger();
        FileReader hung = new FileReader("Proxmox", Duration.ZERO) {
            @Override
            Findings look(HostLinks host) {
                readings.incrementAndGet();
                return Completable.fromAction(answer::await).blockingAwait(1, TimeUnit.MINUTES)
                        ? Findings.NONE
                        : Findings.trouble("too late");
            }
        };
        OwnershipSources sources = new OwnershipSources(
                folder, "unix:path=/nowhere", OwnershipSources.HOST.answer(), Duration.ofMillis(200));
        try (OwnershipReaders readers = new OwnershipReaders(List.of(hung), sources)) {
            for (int i = 0; i < 20; i++) {
                assertThat(readers.read(root.host()).blockingGet().troubles()).isNotEmpty();
            }
            assertThat(readings).hasValue(1);

            answer.countDown();
            eventually(() -> assertThat(readers.read(root.host()).blockingGet().troubles())
                    .isEmpty());
        }
    }

    private List<Owner> resolver() {
        return root.read(new ResolverReader(root.files())).ofResolver().stream()
                .map(Claim::owner)
                .toList();
    }

    private static OwnershipReader reader(String subject, Single<Findings> answer) {
        return new OwnershipReader() {
            @Override
            public String subject() {
                return subject;
            }

            @Override
            public Single<Findings> read(HostLinks host) {
                return answer;
            }
        };
    }

    private static String networkd(String state, String file) {
        return """
                # This is private data. Do not parse.
                ADMIN_STATE=%s
                OPER_STATE=routable
                CARRIER_STATE=carrier
                ADDRESS_STATE=routable
                IPV4_ADDRESS_STATE=routable
                IPV6_ADDRESS_STATE=degraded
                REQUIRED_FOR_ONLINE=yes
                NETWORK_FILE=%s
                """.formatted(state, file);
    }
}
