// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the readers look.
 *
 * @param root the folder that holds {@code etc}, {@code run}, …
 * @param bus the address of the system's message bus, as D-Bus writes it
 * @param limit how long one reader may take
 */
public record OwnershipSources(Path root, String bus, Duration limit) {
    /** This host. */
    public static final OwnershipSources HOST =
            new OwnershipSources(Path.of("/"), "unix:path=/run/dbus/system_bus_socket", Duration.ofMillis(500));
}
