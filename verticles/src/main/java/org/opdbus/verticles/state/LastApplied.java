// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.StateLoader;
import org.opdbus.config.state.StateWriter;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.state.StateException.Reason;

/**
 * What the last apply managed: the only containers that {@code --prune} may remove, and the only properties that are
 * undone when a state file no longer sets them.
 *
 * <p>Its file is a state file itself, so people can read it, and apply it.
 */
public record LastApplied(Map<ContainerId, DesiredContainer> containers) {
    public LastApplied {
        containers = Collections.unmodifiableMap(new TreeMap<>(containers));
    }

    /** Returns the record before the first apply. */
    public static LastApplied none() {
        return new LastApplied(Map.of());
    }

    /** Returns the record after an apply of this state that succeeded for every container. */
    public static LastApplied of(DesiredState state) {
        LastApplied record = none();
        for (DesiredContainer container : state.containers()) {
            record = record.with(container);
        }
        return record;
    }

    /**
     * Reads the record; waits for the disk.
     *
     * @return {@link #none()} if there is no such file
     * @throws StateException if the file exists and is damaged: the agent must not guess what it may remove
     */
    public static LastApplied load(Path file) throws StateException {
        try {
            return of(StateLoader.load(file));
        } catch (ConfigException failure) {
            if (failure.reason() == ConfigException.Reason.MISSING && !Files.isSymbolicLink(file)) {
                return none();
            }
            throw new StateException(
                    Reason.RECORD_UNREADABLE,
                    "cannot read the record of the last apply: " + failure.getMessage(),
                    "remove " + file + " to begin again: then nothing is pruned until the next " + "apply",
                    failure);
        }
    }

    /** Writes the record atomically; waits for the disk. */
    public void save(Path file) throws StateException {
        String text = StateWriter.write(DesiredState.of(List.copyOf(containers.values())));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new StateException(
                    Reason.RECORD_UNWRITABLE,
                    "cannot write the record of the apply to " + file + ": " + failure,
                    "check that there is space and that root may write there, and apply again",
                    failure);
        }
    }

    /** Returns the record after this container was applied. */
    public LastApplied with(DesiredContainer container) {
        Map<ContainerId, DesiredContainer> after = new TreeMap<>(containers);
        after.put(container.id(), container);
        return new LastApplied(after);
    }

    /** Returns the record after this container was removed. */
    public LastApplied without(ContainerId id) {
        Map<ContainerId, DesiredContainer> after = new TreeMap<>(containers);
        after.remove(id);
        return new LastApplied(after);
    }

    /** Returns the record of some containers. */
    LastApplied only(Predicate<ContainerId> concerned) {
        Map<ContainerId, DesiredContainer> some = new TreeMap<>(containers);
        some.keySet().removeIf(concerned.negate());
        return new LastApplied(some);
    }

    /** Returns the properties that the last apply set for a container; empty if none. */
    Map<String, Object> propertiesOf(ContainerId id) {
        DesiredContainer container = containers.get(id);
        return container == null ? Map.of() : container.properties().toMap();
    }
}
