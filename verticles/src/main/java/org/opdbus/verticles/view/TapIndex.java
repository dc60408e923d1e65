// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Tap;
import org.opdbus.events.Workload.VirtualMachine;

/** Which tap belongs to which running virtual machine. Nothing else than a machine's source can tell that. */
final class TapIndex {
    private final Map<Integer, ContainerId> machines = new HashMap<>();
    private final Map<ContainerId, Set<Integer>> taps = new HashMap<>();

    /** A machine runs, with these taps. A tap that another machine had is this machine's now. */
    void runs(Workload workload) {
        if (workload instanceof VirtualMachine machine) {
            ended(machine.id());
            Set<Integer> its = new HashSet<>();
            for (Tap tap : machine.taps()) {
                machines.put(tap.index(), machine.id());
                its.add(tap.index());
            }
            taps.put(machine.id(), its);
        }
    }

    /** A workload no longer runs. */
    void ended(ContainerId id) {
        Set<Integer> its = taps.remove(id);
        if (its != null) {
            its.forEach(index -> machines.remove(index, id));
        }
    }

    /** Returns the machine that has the tap with this index. */
    Optional<ContainerId> machineOf(int index) {
        return Optional.ofNullable(machines.get(index));
    }
}
