// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Kvm;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One virtual machine. Its file has the name of the item and, if the machine was switched off from within, the word for that.
 * {@link KvmMachines} calls {@code start}, {@code stop} and {@code takeNoteOfEnd} one after the other; the rest may be called from
 * any thread at any time.
 */
final class KvmMachine {
    private static final Logger LOG = LoggerFactory.getLogger(KvmMachine.class);
    private static final String ENDED = "ended";
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(40);
    private static final long BETWEEN_TRIES_MS = 20;
    /** How long a machine may take after its power button was pressed. What it writes is thrown away in any case. */
    private static final Duration POWER_GRACE = Duration.ofSeconds(3);

    private static final Duration END_GRACE = Duration.ofSeconds(5);

    private final String lab;
    private final int id;
    private final Ground ground;
    private final Runnable switchedOff;

    private final MachineEnds ends = new MachineEnds();
    private final Object connection = new Object();
    private @Nullable MachineMonitor monitor;
    private volatile CountDownLatch off = new CountDownLatch(1);

    /** What all machines have in common. */
    record Ground(
            LabProcesses processes, MachineFiles files, boolean finishChecksums, AccelerationChoice acceleration) {}

    KvmMachine(String lab, int id, Ground ground, Runnable switchedOff) {
        this.lab = lab;
        this.id = id;
        this.ground = ground;
        this.switchedOff = switchedOff;
    }

    /** Starts it, unless it runs; returns when qemu has opened everything. */
    void start(LabItem item, Kvm kvm) throws IOException, InterruptedException {
        QemuHost host = ground.acceleration().look();
        Optional<LabProcess> runs = running();
        if (runs.isPresent() && monitor(runs.get().pid()).isPresent()) {
            return;
        }
        Optional<DiskImage> disk = check(kvm, host);
        if (begin(item, new QemuCommand(host, ground.files(), ground.finishChecksums()).of(item, kvm, disk))) {
            return;
        }
        if (host.kvm() && ground.files().said(id).toLowerCase(Locale.ROOT).contains("kvm")) {
            LOG.warn(
                    "qemu cannot use /dev/kvm ({}); machines are emulated from now on",
                    ground.files().said(id));
            ground.acceleration().kvmFailed();
            QemuCommand emulated = new QemuCommand(host.withoutKvm(), ground.files(), ground.finishChecksums());
            if (begin(item, emulated.of(item, kvm, disk))) {
                return;
            }
        }
        String said = ground.files().said(id);
        remove();
        throw new LabRefusal(
                "qemu did not start " + item.name() + (said.isEmpty() ? "" : ": " + said),
                "check the machine's files and settings");
    }

    private static Optional<DiskImage> check(Kvm kvm, QemuHost host) {
        if (!CommandRunner.isInstalled(host.program())) {
            throw new LabRefusal(
                    host.program() + " is not on this host",
                    "install it; on Debian: apt install --no-install-recommends " + host.debianPackage());
        }
        if (host.memoryMb() > 0 && kvm.memoryMb() > host.memoryMb()) {
            throw new LabRefusal(
                    "a machine cannot have " + kvm.memoryMb() + " MiB of memory: this host has " + host.memoryMb(),
                    "give it less: ram=512");
        }
        kvm.kernel().ifPresent(kernel -> DiskImage.requireReadable(Path.of(kernel), "kernel"));
        kvm.initrd().ifPresent(initrd -> DiskImage.requireReadable(Path.of(initrd), "initrd"));
        return kvm.image()
                .map(image -> DiskImage.of(Path.of(image), kvm.kernel().isEmpty()));
    }

    /** Starts qemu; returns false if it ended at once. */
    private boolean begin(LabItem item, List<String> command) throws IOException, InterruptedException {
        // One that the monitor does not reach is not the machine that is wanted.
        end(END_GRACE);
        off = new CountDownLatch(1);
        ground.files().write(id, item.name());
        LabProcess process = ground.processes().start(lab, role(), command).blockingGet();
        boolean begun = monitor(process.pid()).isPresent();
        if (!begun) {
            end(Duration.ZERO);
        }
        return begun;
    }

    /** Returns the connection to the monitor; empty if qemu ends or does not answer in time. */
    private Optional<MachineMonitor> monitor(long pid) throws InterruptedException {
        long deadline = System.nanoTime() + BEGIN_LIMIT.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            Optional<MachineMonitor> connected = connect();
            if (connected.isPresent() || System.nanoTime() > deadline || !isAlive(pid)) {
                return connected;
            }
            // Qemu makes the socket after its start, and tells no other process about it.
            never.await(BETWEEN_TRIES_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessStat.of(pid).filter(ProcessStat::isAlive).isPresent();
    }

    private Optional<MachineMonitor> connect() throws InterruptedException {
        synchronized (connection) {
            MachineMonitor present = monitor;
            if (present != null && !present.isClosed()) {
                return Optional.of(present);
            }
            try {
                MachineMonitor made = MachineMonitor.connect(ground.files().monitor(id), this::wasSwitchedOff);
                monitor = made;
                return Optional.of(made);
            } catch (IOException notYet) {
                LOG.debug("lab={} machine={} does not answer yet: {}", lab, id, notYet.getMessage());
                return Optional.empty();
            }
        }
    }

    private void wasSwitchedOff() {
        off.countDown();
        switchedOff.run();
    }

    /** Ends it, and removes what is left of it. */
    void stop() throws IOException, InterruptedException {
        if (running().isPresent()) {
            switchOff();
        }
        remove();
    }

    private void switchOff() throws InterruptedException {
        try {
            Optional<MachineMonitor> connected = connect();
            if (connected.isPresent()) {
                connected.get().pressPowerButton();
                if (off.await(POWER_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.debug("lab={} machine={} switched itself off", lab, id);
                }
            }
        } catch (IOException deaf) {
            LOG.debug("lab={} machine={} hears no button", lab, id, deaf);
        }
    }

    private void remove() throws IOException {
        end(END_GRACE);
        ground.files().remove(id);
    }

    /** Writes down that the machine was switched off from within, and ends qemu. Does nothing if it was stopped meanwhile. */
    void takeNoteOfEnd() throws IOException {
        Optional<String[]> lines = ground.files().read(id);
        if (lines.isPresent() && off.getCount() == 0) {
            ground.files().write(id, lines.get()[0], ENDED);
            LOG.info("lab={} machine={} was switched off from within", lab, lines.get()[0]);
            end(END_GRACE);
        }
    }

    private void end(Duration grace) throws IOException {
        running().ifPresent(process -> ends.want(process.pid()));
        ground.processes().end(lab, role(), grace).blockingAwait();
        forget();
        ground.files().removeSockets(id);
    }

    /** Takes note that qemu has ended; returns how long to wait if that is a failure. */
    OptionalLong ended(long pid) {
        return ends.ended(pid);
    }

    void pauseEnded() {
        ends.pauseEnded();
    }

    /** Returns its state; empty if it is to be started. */
    Optional<MachineState> state(boolean runs, String[] lines) throws InterruptedException {
        if (lines.length > 1 && lines[1].equals(ENDED)) {
            return Optional.of(runs ? MachineState.CHANGING : MachineState.ENDED);
        }
        if (runs) {
            // After a restart of the agent, this is where the machine is heard again.
            return Optional.of(connect().isPresent() ? MachineState.RUNNING : MachineState.CHANGING);
        }
        return ends.isPausing() ? Optional.of(MachineState.CHANGING) : Optional.empty();
    }

    private Optional<LabProcess> running() {
        return ground.processes().running(lab).blockingGet().stream()
                .filter(process -> process.role().equals(role()))
                .findFirst();
    }

    private String role() {
        return ground.files().role(id);
    }

    /** Closes the connection to the monitor. */
    void forget() {
        synchronized (connection) {
            if (monitor != null) {
                monitor.close();
                monitor = null;
            }
        }
    }
}
