// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.List;
import org.opdbus.events.ContainerId;

/**
 * What an apply came to.
 *
 * @param unchanged how many containers were as they are wanted
 */
public record ApplyReport(
        List<ContainerId> created,
        List<ContainerId> changed,
        List<ContainerId> destroyed,
        int unchanged,
        List<Failed> failed) {
    public ApplyReport {
        created = List.copyOf(created);
        changed = List.copyOf(changed);
        destroyed = List.copyOf(destroyed);
        failed = List.copyOf(failed);
    }

    /**
     * A container that is not as it is wanted. It is as it was, or the next apply goes on where this one ended.
     *
     * @param step what did not work
     * @param remedy what to do about it; empty if trying again may help
     */
    public record Failed(ContainerId container, String step, String message, String remedy) {}
}
