// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opdbus.verticles.testing.Laboratory;

/** A real polkitd on a bus of a test's own, with actions and rules of its own, which it sees in place of the host's. */
public final class PolkitDaemon implements AutoCloseable {
    /** Rules that allow the user {@link BusUser#AUTHORISED} every action of op-dbus. */
    public static final String RULES = """
            polkit.addRule(function(action, subject) {
                if (action.id.indexOf("org.opdbus.") == 0 && subject.user == "mail") {
                    return polkit.Result.YES;
                }
            });
            """;

    private static final String POLKITD = "/usr/lib/polkit-1/polkitd";
    private static final String IN_OWN_FOLDERS = """
            mount --bind "$1/actions" /usr/share/polkit-1/actions &&
            mount --bind "$1/none" /usr/share/polkit-1/rules.d &&
            mount --bind "$1/rules.d" /etc/polkit-1/rules.d &&
            exec %s --no-debug
            """.formatted(POLKITD);

    private final PrivateBus bus;
    private final Path folder;
    private final Process daemon;

    /**
     * Starts polkitd and waits until it has its name.
     *
     * @param actions a file of actions (polkit(8))
     * @param rules a file of rules
     */
    public PolkitDaemon(PrivateBus bus, Path actions, String rules) {
        Laboratory.require();
        this.bus = bus;
        try {
            if (!Files.exists(Path.of(POLKITD))) {
                throw new AssertionError("there is no " + POLKITD + "; install polkitd");
            }
            folder = Files.createTempDirectory(bus.folder(), "polkit-");
            Files.setPosixFilePermissions(folder, Files.getPosixFilePermissions(bus.folder()));
            for (String name : new String[] {"actions", "none", "rules.d"}) {
                Files.createDirectory(folder.resolve(name));
            }
            Files.copy(actions, folder.resolve("actions").resolve("org.opdbus.policy"));
            Files.writeString(folder.resolve("rules.d").resolve("10-test.rules"), rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon = bus.startAs(
                BusUser.ROOT,
                "unshare",
                "--mount",
                "--propagation=private",
                "sh",
                "-c",
                IN_OWN_FOLDERS,
                "sh",
                folder.toString());
        eventually(() -> assertThat(bus.runAs(
                                BusUser.ROOT,
                                "dbus-send",
                                "--system",
                                "--print-reply",
                                "--dest=org.freedesktop.DBus",
                                "/org/freedesktop/DBus",
                                "org.freedesktop.DBus.NameHasOwner",
                                "string:org.freedesktop.PolicyKit1")
                        .text())
                .contains("boolean true"));
    }

    /** Stops polkitd from running without ending it: it keeps its name and answers nothing. */
    public void pause() {
        signal("-STOP");
    }

    /** Lets a paused polkitd go on. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        assertThat(bus.runAs(BusUser.ROOT, "kill", signal, Long.toString(daemon.pid())))
                .isEqualTo(new PrivateBus.Output(0, ""));
    }

    /** Kills polkitd. */
    @Override
    public void close() {
        PrivateBus.end(daemon);
    }
}
