// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Kvm;

/**
 * Writes the command that runs a virtual machine (qemu(1)). The machine has only what is named here: its processors and memory, a
 * disk, a network card for each endpoint, a serial console and a source of random numbers. Qemu opens everything, then it gives up
 * root and confines itself: it starts no other program, and becomes no other user again.
 *
 * @param finishChecksums whether the machine must finish the checksums of what it sends: the switch in user space does not
 */
record QemuCommand(QemuHost host, MachineFiles files, boolean finishChecksums) {
    private static final int FUNCTIONS = 8;
    private static final int FIRST_SLOT = 0x10;

    List<String> of(LabItem item, Kvm kvm, Optional<DiskImage> disk) {
        List<String> words = new ArrayList<>();
        words.add(host.program());
        add(words, "-name", "guest=" + quoted(item.name()));
        add(words, "-machine", host.architecture().equals("x86_64") ? "q35" : "virt");
        add(words, "-accel", host.kvm() ? "kvm" : "tcg");
        add(words, "-cpu", "max");
        add(words, "-smp", Integer.toString(kvm.processors()));
        add(words, "-m", kvm.memoryMb() + "M");
        words.addAll(List.of("-nodefaults", "-no-user-config", "-vga", "none"));
        add(words, "-display", "none");
        confine(words);
        sockets(words, item);
        disk.ifPresent(image -> disk(words, image));
        boot(words, kvm);
        add(words, "-device", "virtio-rng-pci");
        item.endpoints().forEach(endpoint -> card(words, item, endpoint));
        return words;
    }

    private void confine(List<String> words) {
        add(words, "-runas", "nobody");
        if (host.seccomp()) {
            add(words, "-sandbox", "on,obsolete=deny,spawn=deny,resourcecontrol=deny");
        }
    }

    private void sockets(List<String> words, LabItem item) {
        add(words, "-chardev", "socket,id=monitor,server=on,wait=off,path=" + quoted(files.monitor(item.id())));
        add(words, "-mon", "chardev=monitor,mode=control");
        add(words, "-chardev", "socket,id=console,server=on,wait=off,path=" + quoted(files.console(item.id())));
        add(words, "-serial", "chardev:console");
        // A machine that was switched off from within stays, stopped, until the agent has taken note of it.
        words.add("-no-shutdown");
    }

    private static void disk(List<String> words, DiskImage image) {
        add(words, "-drive", "if=none,id=disk,snapshot=on,format=" + image.format() + ",file=" + quoted(image.file()));
        add(words, "-device", "virtio-blk-pci,drive=disk");
    }

    private static void boot(List<String> words, Kvm kvm) {
        kvm.kernel().ifPresent(kernel -> add(words, "-kernel", kernel));
        kvm.initrd().ifPresent(initrd -> add(words, "-initrd", initrd));
        if (kvm.kernel().isPresent() && !kvm.append().isEmpty()) {
            add(words, "-append", kvm.append());
        }
    }

    /** Eight cards share a slot: a bus has too few for 32. Their order on the bus is that of the endpoints. */
    private void card(List<String> words, LabItem item, LabEndpoint endpoint) {
        int number = endpoint.number();
        String id = "net" + number;
        add(
                words,
                "-netdev",
                "tap,id=" + id + ",ifname=" + item.portOf(endpoint) + ",script=no,downscript=no,vhost="
                        + (host.vhost() ? "on" : "off"));
        String place =
                String.format("multifunction=on,addr=0x%x.0x%x", FIRST_SLOT + number / FUNCTIONS, number % FUNCTIONS);
        add(
                words,
                "-device",
                "virtio-net-pci,romfile=,netdev=" + id + ",mac=" + endpoint.mac() + "," + place
                        + (finishChecksums
                                ? ",csum=off,gso=off,host_tso4=off,host_tso6=off,host_ecn=off,host_ufo=off"
                                : ""));
    }

    private static void add(List<String> words, String option, String value) {
        words.add(option);
        words.add(value);
    }

    /** Two commas stand for one in a value of qemu's. */
    private static String quoted(Object value) {
        return value.toString().replace(",", ",,");
    }
}
