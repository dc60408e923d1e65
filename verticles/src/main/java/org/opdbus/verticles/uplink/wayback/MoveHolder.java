// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import org.opdbus.verticles.kernel.ProcessStat;

/**
 * The process that carries out a move.
 *
 * @param name what it is, for people: {@code op-dbus run}
 * @param pid its number
 * @param started when it was started, in the kernel's ticks since the boot; tells it from a later process of its number
 */
public record MoveHolder(String name, long pid, String started) {
    /** Returns this process under this name. */
    public static MoveHolder ofThisProcess(String name) {
        long pid = ProcessHandle.current().pid();
        return new MoveHolder(
                name, pid, ProcessStat.of(pid).map(ProcessStat::started).orElse(""));
    }

    /** Returns whether it still runs. */
    public boolean isAlive() {
        return ProcessStat.of(pid)
                .filter(ProcessStat::isAlive)
                .filter(stat -> stat.started().equals(started))
                .isPresent();
    }

    @Override
    public String toString() {
        return name + " (process " + pid + ")";
    }
}
