// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.vm.QemuCommandLine.Card;

class QemuCommandLineTest {
    @Test
    void a_machine_of_proxmox_has_its_name_and_its_cards() {
        // As qm showcmd prints it (PVE 8), shortened.
        QemuCommandLine read = parse(
                "/usr/bin/kvm",
                "-id",
                "101",
                "-name",
                "web1,debug-threads=on",
                "-no-shutdown",
                "-netdev",
                "type=tap,id=net0,ifname=tap101i0,script=/var/lib/qemu-server/pve-bridge,downscript=/var/lib/qemu-server/pve-bridgedown,vhost=on",
                "-device",
                "virtio-net-pci,mac=BC:24:11:2E:C7:01,netdev=net0,bus=pci.0,addr=0x12,id=net0,rx_queue_size=1024",
                "-device",
                "virtio-scsi-pci,id=scsihw0",
                "-netdev",
                "type=tap,id=net1,ifname=tap101i1,vhost=on",
                "-device",
                "e1000,mac=BC:24:11:2E:C7:02,netdev=net1");

        assertThat(read.name()).contains("web1");
        assertThat(read.cards())
                .containsExactly(card("tap101i0", "bc:24:11:2e:c7:01"), card("tap101i1", "bc:24:11:2e:c7:02"));
    }

    @Test
    void a_machine_of_libvirt_got_its_taps_as_open_files() {
        // As libvirt 9 writes it, shortened.
        QemuCommandLine read = parse(
                "/usr/bin/qemu-system-x86_64",
                "-name",
                "guest=db,debug-threads=on",
                "-S",
                "-netdev",
                "{\"type\":\"tap\",\"fd\":\"33\",\"vhost\":true,\"vhostfd\":\"35\",\"id\":\"hostnet0\"}",
                "-device",
                "{\"driver\":\"virtio-net-pci\",\"netdev\":\"hostnet0\",\"id\":\"net0\",\"mac\":\"52:54:00:aa:bb:cc\",\"bus\":\"pci.1\"}",
                "-netdev",
                "tap,fds=36:37,id=hostnet1,vhost=on",
                "-device",
                "virtio-net-pci,mq=on,netdev=hostnet1,mac=52:54:00:aa:bb:cd");

        assertThat(read.name()).contains("db");
        assertThat(read.cards())
                .containsExactly(
                        new Card(Optional.empty(), Set.of(33), Optional.of("52:54:00:aa:bb:cc")),
                        new Card(Optional.empty(), Set.of(36, 37), Optional.of("52:54:00:aa:bb:cd")));
    }

    @Test
    void the_short_form_is_read_too_and_other_backends_are_not() {
        QemuCommandLine read = parse(
                "qemu-system-x86_64",
                "--name",
                "with,,comma",
                "-nic",
                "tap,ifname=tap7,mac=52:54:00:00:00:07,model=e1000",
                "-nic",
                "user,mac=52:54:00:00:00:08",
                "-netdev",
                "bridge,id=b,br=br0",
                "-netdev",
                "user,id=u");

        assertThat(read.name()).contains("with,comma");
        assertThat(read.cards())
                .containsExactly(
                        card("tap7", "52:54:00:00:00:07"), new Card(Optional.empty(), Set.of(), Optional.empty()));
    }

    @Test
    void what_makes_no_sense_is_left_out() {
        QemuCommandLine read = parse(
                "qemu-system-x86_64",
                "-netdev",
                "{\"type\":\"tap\",",
                "-netdev",
                "tap,id=a,fd=99999999999,ifname=tap0",
                "-device",
                "virtio-net-pci,netdev=a,mac=52:54:00:00:00",
                "-device",
                "",
                "-name");

        assertThat(read.name()).isEmpty();
        assertThat(read.cards()).containsExactly(new Card(Optional.of("tap0"), Set.of(), Optional.empty()));
        assertThat(QemuCommandLine.parse("").cards()).isEmpty();
    }

    @Test
    void a_tap_is_named_in_the_information_about_its_open_file() {
        // As Linux 6.1 writes it.
        assertThat(QemuProcesses.tapIn("pos:\t0\nflags:\t0104002\nmnt_id:\t25\nino:\t121\niff:\ttap101i0\n"))
                .contains("tap101i0");
        assertThat(QemuProcesses.tapIn("pos:\t0\nflags:\t02\nmnt_id:\t25\nino:\t1\n"))
                .isEmpty();
    }

    @Test
    void a_program_is_qemu_by_its_own_name() {
        assertThat(List.of("qemu-system-x86_64", "qemu-system-x86_64 (deleted)", "qemu-kvm", "kvm"))
                .allMatch(QemuProcesses::isQemu);
        assertThat(List.of("openvpn", "qemu-bridge-helper", "qemu-img", "kvmtool", "libvirtd"))
                .noneMatch(QemuProcesses::isQemu);
    }

    private static Card card(String tap, String mac) {
        return new Card(Optional.of(tap), Set.of(), Optional.of(mac));
    }

    private static QemuCommandLine parse(String... words) {
        return QemuCommandLine.parse(String.join("\0", words) + "\0");
    }
}
