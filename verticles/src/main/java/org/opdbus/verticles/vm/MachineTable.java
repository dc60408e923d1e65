// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.Workload.Tap;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.vm.QemuProcess.HeldTap;

/**
 * The machines that run. It turns observations into events: one event per change, however often the change is observed. For one
 * thread only.
 */
final class MachineTable {
    private final Map<Long, VirtualMachine> running = new HashMap<>();
    /** The process that holds each tap, by the link's index. */
    private final Map<Integer, Long> holders = new HashMap<>();

    /**
     * A process of qemu runs.
     *
     * @param process what was seen of it
     * @param links the taps of this namespace by name
     */
    List<ContainerEvent> seen(QemuProcess process, Map<String, Link> links) {
        List<Tap> taps = taps(process, links);
        VirtualMachine before = running.get(process.pid());
        if (before != null) {
            return changed(process.pid(), before, taps);
        }
        Optional<ContainerId> id = taps.isEmpty() ? Optional.empty() : freeId(process);
        if (id.isEmpty()) {
            return List.of();
        }
        VirtualMachine machine = new VirtualMachine(id.get(), MachineIds.nameOf(process, id.get()), taps);
        hold(process.pid(), machine);
        return List.of(new ContainerDefined(machine), new ContainerStarted(machine, process.pid()));
    }

    /** A machine of Proxmox has one id alone; if another process has it, that one is about to end. */
    private Optional<ContainerId> freeId(QemuProcess process) {
        Set<ContainerId> taken = new HashSet<>();
        running.values().forEach(machine -> taken.add(machine.id()));
        return MachineIds.of(process).stream().filter(id -> !taken.contains(id)).findFirst();
    }

    private static List<Tap> taps(QemuProcess process, Map<String, Link> links) {
        List<Tap> taps = new ArrayList<>();
        for (HeldTap held : process.taps()) {
            Link link = links.get(held.name());
            if (link != null) {
                taps.add(new Tap(link.index(), link.name(), held.mac()));
            }
        }
        return taps;
    }

    private List<ContainerEvent> changed(long pid, VirtualMachine before, List<Tap> taps) {
        if (before.taps().equals(taps)) {
            return List.of();
        }
        VirtualMachine now = new VirtualMachine(before.id(), before.name(), taps);
        release(pid);
        hold(pid, now);
        return List.of(new ContainerDefined(now));
    }

    /** A process is seen to hold no tap of this namespace any more, although it still runs. */
    List<ContainerEvent> seenWithoutTap(long pid) {
        VirtualMachine before = running.get(pid);
        return before == null ? List.of() : changed(pid, before, List.of());
    }

    /** A process has exited. */
    List<ContainerEvent> ended(long pid, String reason) {
        VirtualMachine machine = running.get(pid);
        if (machine == null) {
            return List.of();
        }
        release(pid);
        return List.of(new ContainerStopped(machine, reason), new ContainerRemoved(machine));
    }

    private void hold(long pid, VirtualMachine machine) {
        running.put(pid, machine);
        machine.taps().forEach(tap -> holders.put(tap.index(), pid));
    }

    private void release(long pid) {
        running.remove(pid);
        holders.values().removeIf(holder -> holder == pid);
    }

    /** Returns the process that holds a tap, as far as is known. */
    Optional<Long> holderOf(int index) {
        return Optional.ofNullable(holders.get(index));
    }

    /** Returns the indexes of the taps that a process holds, as far as is known. */
    List<Integer> tapsOf(long pid) {
        VirtualMachine machine = running.get(pid);
        return machine == null
                ? List.of()
                : machine.taps().stream().map(Tap::index).toList();
    }

    boolean isKnown(long pid) {
        return running.containsKey(pid);
    }

    /** Returns the processes of all machines. */
    Set<Long> pids() {
        return new LinkedHashSet<>(running.keySet());
    }

    int count() {
        return running.size();
    }
}
