// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;

/** A connection of another user's program, which stays until the test closes it. */
public final class ForeignConnection implements AutoCloseable {
    private final Process process;
    private final String name;

    /** Starts a program that connects, and waits for its connection. */
    public ForeignConnection(PrivateBus bus, BusClient client, BusUser user) {
        List<?> before = names(client);
        process = bus.startAs(user, "gdbus", "monitor", "--system", "--dest", "org.example.None");
        name = eventually(() -> {
            List<?> added = names(client).stream()
                    .filter(each -> !before.contains(each) && each.toString().startsWith(":"))
                    .toList();
            assertThat(added).hasSize(1);
            return (String) added.get(0);
        });
    }

    private static List<?> names(BusClient client) {
        return (List<?>) client.call(BusConnection.bus("ListNames"), Body.EMPTY).get(0);
    }

    /** Returns the unique name. */
    public String name() {
        return name;
    }

    /** Returns the number of the process. */
    public long pid() {
        return process.pid();
    }

    /** Ends the program. */
    @Override
    public void close() {
        PrivateBus.end(process);
    }
}
