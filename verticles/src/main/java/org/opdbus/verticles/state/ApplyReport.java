// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.List;
import org.opdbus.events.ContainerId;

/**
 * The result of an apply.
 *
 * @param unchanged how many containers matched already
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
     * A container that does not match the state. It is unchanged, or the next apply continues where this one ended.
     *
     * @param step the step that failed
     * @param remedy what to do about it; empty if another try may help
     */
    public record Failed(ContainerId container, String step, String message, String remedy) {}
}
