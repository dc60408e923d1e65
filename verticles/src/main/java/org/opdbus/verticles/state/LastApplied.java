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
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.StateLoader;
import org.opdbus.config.state.StateWriter;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.state.StateException.Reason;

/**
 * What the last apply managed: the only containers that {@code --prune} may remove, and the only properties that are undone
 * when a state file says nothing of them any more.
 *
 * <p>Its file is a state file itself, so that it can be read, and applied.
 */
public record LastApplied(Map<ContainerId, DesiredContainer> containers) {
    public LastApplied {
        containers = Collections.unmodifiableMap(new TreeMap<>(containers));
    }

    /** Nothing was applied yet. */
    public static LastApplied none() {
        return new LastApplied(Map.of());
    }

    /** An apply of this state that succeeded for every container. */
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
     * @throws StateException if there is one and it is damaged: nothing may be removed by guesswork
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
                    "the record of what was applied last cannot be read: " + failure.getMessage(),
                    "remove " + file + " to begin anew: then nothing is pruned until the next apply",
                    failure);
        }
    }

    /** Writes the record, whole or not at all; waits for the disk. */
    public void save(Path file) throws StateException {
        String text = StateWriter.write(DesiredState.of(List.copyOf(containers.values())));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new StateException(
                    Reason.RECORD_UNWRITABLE,
                    "the record of what was applied cannot be written to " + file + ": " + failure,
                    "see that there is space and that it may be written, and apply again",
                    failure);
        }
    }

    /** The record after this container was applied. */
    public LastApplied with(DesiredContainer container) {
        Map<ContainerId, DesiredContainer> after = new TreeMap<>(containers);
        after.put(container.id(), container);
        return new LastApplied(after);
    }

    /** The record after this container was removed. */
    public LastApplied without(ContainerId id) {
        Map<ContainerId, DesiredContainer> after = new TreeMap<>(containers);
        after.remove(id);
        return new LastApplied(after);
    }

    /** What was said about a container's properties; empty if nothing was. */
    Map<String, Object> propertiesOf(ContainerId id) {
        DesiredContainer container = containers.get(id);
        return container == null ? Map.of() : container.properties().toMap();
    }
}
