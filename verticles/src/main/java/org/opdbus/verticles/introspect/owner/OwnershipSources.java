// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the readers look.
 *
 * @param root the folder that holds {@code etc}, {@code run}, …
 * @param bus the address of the system's message bus, as D-Bus writes it
 * @param answer how long a program has for an answer, from the question on
 * @param whole how long the questions to one program, or the reading of its files, may take together, also for a process that has
 *     just begun on a busy machine
 */
public record OwnershipSources(Path root, String bus, Duration answer, Duration whole) {
    /** This host. */
    public static final OwnershipSources HOST = new OwnershipSources(
            Path.of("/"), "unix:path=/run/dbus/system_bus_socket", Duration.ofMillis(500), Duration.ofSeconds(3));
}
