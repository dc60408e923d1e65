// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;

/** What has to be done about one container. */
public sealed interface ContainerChange {
    /** The container. */
    ContainerId id();

    /** There is none and one is wanted. */
    record Create(ContainerState desired) implements ContainerChange {
        @Override
        public ContainerId id() {
            return desired.id();
        }
    }

    /**
     * It is not as it is wanted.
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

        /** The change of this key, if it changes. */
        public Optional<Change> change(String key) {
            return changes.stream().filter(change -> change.key().equals(key)).findFirst();
        }
    }

    /** It is there, the last apply had it, and it is wanted no more. */
    record Delete(ContainerId id, String why) implements ContainerChange {}

    /** It is as it is wanted. */
    record NoOp(ContainerId id) implements ContainerChange {}

    /**
     * The change of one key.
     *
     * @param key as in the state file, {@code bridge} or {@code properties.memory}
     * @param before the observed value; absent if there is none
     * @param after the wanted value; absent if there is to be none
     * @param why a sentence for people
     */
    record Change(String key, Optional<Object> before, Optional<Object> after, String why) {}
}
