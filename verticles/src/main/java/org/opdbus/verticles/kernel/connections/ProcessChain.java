// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.connections;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.ProcessStat;

/** A process and its ancestors, the process first. Process 1 is not among them. */
public record ProcessChain(List<Member> members) {
    private static final int MEMBERS_MAX = 64;

    /**
     * A process.
     *
     * @param startedTicks when it was started, in the kernel's ticks since the boot
     */
    public record Member(long pid, long startedTicks) {}

    public ProcessChain {
        members = List.copyOf(members);
    }

    /**
     * Follows a process up. The chain ends before process 1, before a process that has ended, and before one that is younger than its
     * child: such a process only has the number of a parent that has ended.
     */
    public static ProcessChain of(long pid) {
        List<Member> members = new ArrayList<>();
        long next = pid;
        long youngest = Long.MAX_VALUE;
        while (next > 1 && members.size() < MEMBERS_MAX) {
            Optional<ProcessStat> stat = ProcessStat.of(next);
            long started = stat.map(found -> Long.parseLong(found.started())).orElse(Long.MAX_VALUE);
            if (stat.isEmpty() || started > youngest) {
                break;
            }
            members.add(new Member(next, started));
            youngest = started;
            next = stat.get().parent();
        }
        return new ProcessChain(members);
    }
}
