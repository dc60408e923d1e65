// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.util.Set;
import java.util.TreeSet;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.DriverException.Reason;

/**
 * Changes to what is configured for a container.
 *
 * @param values what is to be, of those keys that change; the address and its gateway always together
 * @param removed the keys of the state file that go back to their default
 */
public record PropertyChanges(ContainerProperties values, Set<String> removed) {
    /** The keys that decide what a container is made of, and so cannot be changed afterwards. */
    public static final Set<String> FIXED_AT_CREATION = Set.of("template", "rootfs", "unprivileged");

    public PropertyChanges {
        removed = Set.copyOf(removed);
    }

    /** Changes that remove nothing. */
    public static PropertyChanges to(ContainerProperties values) {
        return new PropertyChanges(values, Set.of());
    }

    /** Every key that is changed, sorted. */
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(values.toMap().keySet());
        keys.addAll(removed);
        return keys;
    }

    /**
     * Refuses to change what a container is made of.
     *
     * @throws DriverException {@link Reason#INVALID}
     */
    public void requireChangeable(ContainerId id) throws DriverException {
        for (String key : keys()) {
            if (FIXED_AT_CREATION.contains(key)) {
                throw new DriverException(
                        Reason.INVALID,
                        key + " of container " + id + " cannot be changed: it was decided when it was created",
                        "destroy the container and create it anew, or take the key out");
            }
        }
    }
}
