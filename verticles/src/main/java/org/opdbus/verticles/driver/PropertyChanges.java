// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.util.Set;
import java.util.TreeSet;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.DriverException.Reason;

/**
 * Changes to the configuration of a container.
 *
 * @param values the new values of the keys that change; the address and its gateway always together
 * @param removed the keys of the state file that return to their default
 */
public record PropertyChanges(ContainerProperties values, Set<String> removed) {
    /** The keys that determine how a container is made, and so cannot be changed afterwards. */
    public static final Set<String> FIXED_AT_CREATION = Set.of("template", "rootfs", "unprivileged");

    public PropertyChanges {
        removed = Set.copyOf(removed);
    }

    /** Creates changes that remove nothing. */
    public static PropertyChanges to(ContainerProperties values) {
        return new PropertyChanges(values, Set.of());
    }

    /** Returns every changed key, sorted. */
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(values.toMap().keySet());
        keys.addAll(removed);
        return keys;
    }

    /**
     * Refuses to change how a container is made.
     *
     * @throws DriverException {@link Reason#INVALID}
     */
    public void requireChangeable(ContainerId id) throws DriverException {
        for (String key : keys()) {
            if (FIXED_AT_CREATION.contains(key)) {
                throw new DriverException(
                        Reason.INVALID,
                        key + " of container " + id + " cannot be changed: it was set when the "
                                + "container was created",
                        "destroy the container and create it again, or take the key out");
            }
        }
    }
}
