// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Kvm;

final class QemuCommandTest {
    private static final MachineFiles FILES = new MachineFiles(Path.of("/run/labs/t"), "kvm");
    private static final Kvm KVM = new Kvm(512, 2, Optional.of("/a,b.raw"), Optional.empty(), Optional.empty(), "");

    @Test
    void a_machine_has_what_the_host_offers() {
        List<String> fast = command(new QemuHost("x86_64", true, true, true, 4096), false);
        assertThat(fast).startsWith("qemu-system-x86_64").containsSequence("-accel", "kvm");
        assertThat(fast)
                .contains("tap,id=net0,ifname=_k_7_0,script=no,downscript=no,vhost=on")
                .contains("virtio-net-pci,romfile=,netdev=net0,mac=02:00:00:00:07:00,multifunction=on,addr=0x10.0x0")
                .containsSequence("-sandbox", "on,obsolete=deny,spawn=deny,resourcecontrol=deny")
                .containsSequence("-runas", "nobody");

        List<String> slow = command(new QemuHost("aarch64", false, false, false, 4096), true);
        assertThat(slow).startsWith("qemu-system-aarch64").containsSequence("-accel", "tcg");
        assertThat(slow)
                .contains("tap,id=net8,ifname=_k_7_8,script=no,downscript=no,vhost=off")
                .anyMatch(word -> word.contains("addr=0x11.0x0,csum=off,"))
                .doesNotContain("-sandbox");
    }

    @Test
    void the_image_is_only_read_and_a_comma_in_its_name_begins_no_option() {
        assertThat(command(new QemuHost("x86_64", false, false, true, 0), true))
                .contains("if=none,id=disk,snapshot=on,format=raw,file=/a,,b.raw");
    }

    private static List<String> command(QemuHost host, boolean finishChecksums) {
        LabItem item = SmallMachine.item("web", 7, KVM, 9);
        return new QemuCommand(host, FILES, finishChecksums)
                .of(item, KVM, Optional.of(new DiskImage(Path.of("/a,b.raw"), "raw")));
    }
}
