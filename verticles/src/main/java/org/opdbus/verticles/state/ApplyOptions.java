// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;

/**
 * The options of an apply.
 *
 * @param dryRun whether only to say what it would do
 * @param prune whether to destroy containers that the state applied last had and this one lacks, and to take back entries
 * @param whole whether the state is complete; if not, it says nothing about containers that it does not name
 * @param only the only kind of workloads that is concerned; empty for every kind
 */
public record ApplyOptions(boolean dryRun, boolean prune, boolean whole, Optional<Kind> only) {
    /** Creates options for some containers, without effect on others. */
    public static ApplyOptions some() {
        return new ApplyOptions(false, false, false, Optional.empty());
    }

    /** Returns whether the apply concerns this workload. */
    boolean concerns(ContainerId id) {
        return only.isEmpty() || only.get() == id.kind();
    }

    /** Returns the elements that the apply concerns. */
    <T> List<T> concerned(List<T> all, Function<T, ContainerId> id) {
        return all.stream().filter(one -> concerns(id.apply(one))).toList();
    }
}
