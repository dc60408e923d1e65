// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;

/** The change that one container needs. */
public sealed interface ContainerChange {
    /** Returns the container. */
    ContainerId id();

    /** The container does not exist, but the state names it. */
    record Create(ContainerState desired) implements ContainerChange {
        @Override
        public ContainerId id() {
            return desired.id();
        }
    }

    /**
     * The container does not match.
     *
     * @param changes at least one, sorted by key
     */
    record Modify(ContainerId id, List<Change> changes) implements ContainerChange {
        public Modify {
            changes = List.copyOf(changes);
            if (changes.isEmpty()) {
                throw new IllegalArgumentException("no change of container " + id);
            }
        }

        /** Returns the change of this key, if it changes. */
        public Optional<Change> change(String key) {
            return changes.stream().filter(change -> change.key().equals(key)).findFirst();
        }
    }

    /** The container exists and the last apply had it, but the state no longer names it. */
    record Delete(ContainerId id, String why) implements ContainerChange {}

    /** The container matches. */
    record NoOp(ContainerId id) implements ContainerChange {}

    /**
     * The change of one key.
     *
     * @param key as in the state file, {@code bridge} or {@code properties.memory}
     * @param before the observed value; absent if there is none
     * @param after the wanted value; absent if the value must be removed
     * @param why a sentence for people
     */
    record Change(String key, Optional<Object> before, Optional<Object> after, String why) {}
}
