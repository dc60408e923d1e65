// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What is to be done at a later time of {@link System#nanoTime}. For one thread. */
final class DueTasks {
    private final List<Due> due = new ArrayList<>();

    private record Due(long atNs, Task task) {}

    /** Something that writes to the capture. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    void add(long atNs, Task task) {
        due.add(new Due(atNs, task));
    }

    /** Returns how long it is until the next task, and at most the limit. */
    long waitNs(long limitNs) {
        long now = System.nanoTime();
        return Math.max(0, due.stream().mapToLong(each -> each.atNs - now).reduce(limitNs, Math::min));
    }

    /** Does what is due. */
    void run() throws IOException {
        long now = System.nanoTime();
        for (Due each : List.copyOf(due)) {
            if (each.atNs <= now) {
                due.remove(each);
                each.task.run();
            }
        }
    }
}
