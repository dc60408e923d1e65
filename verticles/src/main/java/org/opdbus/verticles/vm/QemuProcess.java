// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.util.List;
import java.util.Optional;

/**
 * A process of qemu that holds taps of this host's network namespace.
 *
 * @param pid its number
 * @param started when it was started (proc(5)), which tells it from a later process of its number
 * @param name what its command line calls the machine; its user chose it
 * @param taps the taps in the order of the machine's devices
 */
record QemuProcess(long pid, String started, Optional<String> name, List<HeldTap> taps) {
    QemuProcess {
        taps = List.copyOf(taps);
    }

    /**
     * A tap that a process holds.
     *
     * @param name its name at that moment
     * @param mac the hardware address of the machine's end, in lower case, if the command line has it
     */
    record HeldTap(String name, Optional<String> mac) {}
}
