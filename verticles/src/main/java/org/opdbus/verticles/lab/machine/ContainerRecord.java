// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.util.Optional;
import org.opdbus.verticles.kernel.ProcessStat;

/**
 * What the lab's folder says of an item that is a container.
 *
 * @param item the name of the item
 * @param container the name of the container
 * @param init the process into whose namespace the links were put
 * @param started when that process was started; both together belong to one process
 */
record ContainerRecord(String item, String container, long init, String started) {
    static ContainerRecord of(String item, String container, long init) {
        return new ContainerRecord(item, container, init, startOf(init));
    }

    /** Reads the lines of an item's file; empty if they are not such a record. */
    static Optional<ContainerRecord> read(String[] lines) {
        return lines.length > 3 && lines[2].matches("[0-9]{1,10}")
                ? Optional.of(new ContainerRecord(lines[0], lines[1], Long.parseLong(lines[2]), lines[3]))
                : Optional.empty();
    }

    String[] lines() {
        return new String[] {item, container, Long.toString(init), started};
    }

    /** Returns whether the container has run since it was given its links. */
    boolean isAlive() {
        return !started.isEmpty() && startOf(init).equals(started);
    }

    /** Returns when a process was started; empty if it does not run. */
    static String startOf(long pid) {
        return ProcessStat.of(pid)
                .filter(ProcessStat::isAlive)
                .map(ProcessStat::started)
                .orElse("");
    }
}
