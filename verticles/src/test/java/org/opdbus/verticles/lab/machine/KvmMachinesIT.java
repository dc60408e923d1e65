// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.lab.machine.EmptyLab.LAB;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Kvm;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.testing.Links;

/** Real machines of qemu, emulated, so that every host can run them. */
@Timeout(300)
final class KvmMachinesIT {
    @TempDir
    Path folder;

    private final EmptyLab lab = new EmptyLab();
    private HostLabProcesses processes = new HostLabProcesses(lab.folders());
    private KvmMachines machines = machines();

    private KvmMachines machines() {
        return new KvmMachines(processes, lab.folders(), "netdev", new AccelerationChoice(false, QemuHost::look));
    }

    @AfterEach
    void close() {
        machines.close();
        for (LabProcess process : processes.running(LAB).blockingGet()) {
            processes.end(LAB, process.role(), Duration.ZERO).blockingAwait();
        }
        processes.close();
        lab.close();
    }

    @Test
    void two_machines_reach_each_other_and_nothing_is_left_of_them() throws IOException {
        LabItem web = SmallMachine.item("web", 1, "10.7.0.1/24");
        LabItem db = SmallMachine.item("db", 2, "10.7.0.2/24");
        machines.start(LAB, web).mergeWith(machines.start(LAB, db)).blockingAwait();
        assertThat(machines.states(LAB).blockingGet())
                .isEqualTo(Map.of("web", MachineState.RUNNING, "db", MachineState.RUNNING));
        assertThat(Links.ip("link")).doesNotContain("_k_");
        assertThat(Links.ipInside(EmptyLab.NAMESPACE, "link")).contains("_k_1_0", "_k_2_0");
        join("_k_1_0", "_k_2_0");

        eventually(() -> assertThat(ping("10.7.0.1")).contains(" 1 received"));
        eventually(() -> assertThat(ping("10.7.0.2")).contains(" 1 received"));
        String shown = SmallMachine.type(console(1), "ping -c 1 10.7.0.2; echo en''d", "end");
        assertThat(shown).contains("1 packets received");

        machines.stop(LAB, web).mergeWith(machines.stop(LAB, db)).blockingAwait();
        assertThat(machines.states(LAB).blockingGet()).isEmpty();
        assertThat(Links.ipInside(EmptyLab.NAMESPACE, "link")).doesNotContain("_k_");
        assertThat(processes.running(LAB).blockingGet()).isEmpty();
        try (Stream<Path> left = Files.list(lab.folders().of(LAB))) {
            assertThat(left.map(Path::toString)).allMatch(name -> name.endsWith(".log"));
        }
    }

    @Test
    void a_machine_that_is_switched_off_stays_off() throws IOException {
        LabItem web = SmallMachine.item("web", 1, "10.7.0.1/24");
        machines.start(LAB, web).blockingAwait();
        TestSubscriber<String> changes = machines.changes().test();
        switchOff();
        eventually(() -> assertThat(states()).isEqualTo(Map.of("web", MachineState.ENDED)));
        eventually(() -> changes.assertValueAt(0, LAB));
        eventually(() -> assertThat(processes.running(LAB).blockingGet()).isEmpty());

        // The next agent knows it too.
        nextAgent();
        assertThat(states()).isEqualTo(Map.of("web", MachineState.ENDED));
        machines.start(LAB, web).blockingAwait();
        assertThat(states()).isEqualTo(Map.of("web", MachineState.RUNNING));
    }

    @Test
    void a_machine_that_is_switched_off_while_no_agent_runs_stays_off() throws IOException {
        LabItem web = SmallMachine.item("web", 1, "10.7.0.1/24");
        machines.start(LAB, web).blockingAwait();
        machines.close();
        processes.close();
        switchOff();
        processes = new HostLabProcesses(lab.folders());
        machines = machines();
        eventually(() -> assertThat(states()).isEqualTo(Map.of("web", MachineState.ENDED)));
    }

    @Test
    void a_killed_machine_is_to_be_started_again_after_a_pause() throws IOException {
        LabItem web = SmallMachine.item("web", 1, "10.7.0.1/24");
        machines.start(LAB, web).blockingAwait();
        TestSubscriber<String> changes = machines.changes().test();
        LabProcess qemu = processes.running(LAB).blockingGet().get(0);
        ProcessHandle.of(qemu.pid()).orElseThrow().destroyForcibly();
        eventually(() -> changes.assertValueAt(0, LAB));
        eventually(() -> changes.assertValueAt(1, LAB));
        assertThat(states()).isEmpty();

        machines.start(LAB, web).blockingAwait();
        assertThat(states()).isEqualTo(Map.of("web", MachineState.RUNNING));
        join("_k_1_0");
        eventually(() -> assertThat(ping("10.7.0.1")).contains(" 1 received"));
    }

    @Test
    void the_next_agent_finds_a_machine_and_starts_it_no_second_time() {
        LabItem web = SmallMachine.item("web", 1, "10.7.0.1/24");
        machines.start(LAB, web).blockingAwait();
        LabProcess qemu = processes.running(LAB).blockingGet().get(0);
        nextAgent();
        assertThat(states()).isEqualTo(Map.of("web", MachineState.RUNNING));
        machines.start(LAB, web).blockingAwait();
        assertThat(processes.running(LAB).blockingGet()).containsExactly(qemu);
        machines.stop(LAB, web).blockingAwait();
        assertThat(states()).isEmpty();
    }

    @Test
    void the_image_is_never_written() throws IOException {
        Path image = folder.resolve("a,disk.raw");
        Files.write(image, new byte[1 << 20]);
        LabItem web = SmallMachine.item("web", 1, "10.7.0.1/24", Optional.of(image.toString()));
        machines.start(LAB, web).blockingAwait();
        String shown = SmallMachine.type(
                console(1),
                "echo wri''tten >/dev/vda; sync; echo 3 >/proc/sys/vm/drop_caches; head -c 7 /dev/vda; echo en''d",
                "end");
        assertThat(shown).contains("written");
        machines.stop(LAB, web).blockingAwait();
        assertThat(Files.readAllBytes(image)).isEqualTo(new byte[1 << 20]);
    }

    @Test
    void the_cards_of_a_machine_are_in_the_order_of_its_endpoints() throws IOException {
        Kvm one = (Kvm) SmallMachine.item("web", 1, "10.7.0.1/24").machine();
        LabItem web = SmallMachine.item("web", 1, one, 32);
        machines.start(LAB, web).blockingAwait();
        String shown = SmallMachine.type(
                console(1), "for n in 0 9 31; do cat /sys/class/net/eth$n/address; done; echo en''d", "end");
        assertThat(shown).contains("02:00:00:00:01:00", "02:00:00:00:01:09", "02:00:00:00:01:1f");
        assertThat(shown.indexOf("01:00")).isLessThan(shown.indexOf("01:09"));
        assertThat(Links.ipInside(EmptyLab.NAMESPACE, "-br", "link", "show", "_k_1_31"))
                .contains("UP");
    }

    @Test
    void what_qemu_refuses_is_told_and_leaves_nothing() throws IOException {
        Path broken = folder.resolve("vmlinuz");
        Files.writeString(broken, "no kernel");
        Kvm kvm = new Kvm(64, 1, Optional.empty(), Optional.of(broken.toString()), Optional.empty(), "");
        LabItem web = SmallMachine.item("web", 1, kvm, 1);
        assertThatThrownBy(() -> machines.start(LAB, web).blockingAwait())
                .isInstanceOf(LabRefusal.class)
                .hasMessageStartingWith("qemu did not start web: qemu: ");
        assertThat(states()).isEmpty();
        assertThat(processes.running(LAB).blockingGet()).isEmpty();
    }

    @Test
    void a_kvm_that_does_not_work_is_found_out_once_and_machines_are_emulated_then() throws Exception {
        machines.close();
        QemuHost host = QemuHost.look();
        QemuHost promising = new QemuHost(host.architecture(), true, host.vhost(), host.seccomp(), host.memoryMb());
        AccelerationChoice choice = new AccelerationChoice(true, () -> promising);
        machines = new KvmMachines(processes, lab.folders(), "netdev", choice);
        Path device = Path.of("/dev/kvm");
        boolean hidden = Files.exists(device);
        if (hidden) {
            // The mounts of a laboratory are its own. What opens there is no KVM.
            run("mount", "--bind", "/dev/null", device.toString());
        }
        try {
            machines.start(LAB, SmallMachine.item("web", 1, "10.7.0.1/24")).blockingAwait();
        } finally {
            if (hidden) {
                run("umount", device.toString());
            }
        }
        assertThat(states()).isEqualTo(Map.of("web", MachineState.RUNNING));
        assertThat(choice.look().kvm()).isFalse();
        LabProcess qemu = processes.running(LAB).blockingGet().get(0);
        assertThat(Files.readString(Path.of("/proc/" + qemu.pid() + "/cmdline")))
                .contains("-accel\0tcg");
        // The second one does not try again.
        machines.start(LAB, SmallMachine.item("db", 2, "10.7.0.2/24")).blockingAwait();
        assertThat(Files.readString(lab.file("kvm-2.log"))).isEmpty();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private void nextAgent() {
        machines.close();
        processes.close();
        processes = new HostLabProcesses(lab.folders());
        machines = machines();
    }

    private void switchOff() throws IOException {
        SmallMachine.type(console(1), "poweroff", "reboot: Power down");
    }

    private Map<String, MachineState> states() {
        return machines.states(LAB).blockingGet();
    }

    private Path console(int id) {
        return lab.file("kvm-" + id + ".console");
    }

    private static void join(String... ports) {
        EmptyLab.join(ports);
        Links.ipInside(EmptyLab.NAMESPACE, "addr", "add", "10.7.0.9/24", "dev", "lan");
    }

    private static String ping(String address) throws IOException {
        Process ping = new ProcessBuilder("ip", "netns", "exec", EmptyLab.NAMESPACE, "ping", "-c1", "-W1", address)
                .redirectErrorStream(true)
                .start();
        return new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
