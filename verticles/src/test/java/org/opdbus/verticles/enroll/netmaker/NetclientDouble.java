// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** netclient's double in a container, by the root folder of the container; what it does is in its own head comment. */
public final class NetclientDouble {
    /** A shell's command line by which netclient begins anew: no daemon, no files, no interface. */
    public static final String FORGET =
            "kill $(cat /var/run/netclient.pid); rm -rf /var/run/netclient.pid /etc/netclient;"
                    + " ip link del netmaker 2>/dev/null; :";

    /** A shell's command line that joins with the token of {@link #putToken}, which is gone at once. */
    public static final String JOIN_BY_HAND = "read -r t </etc/token; rm /etc/token; /usr/bin/netclient join -t \"$t\"";

    private NetclientDouble() {}

    /** Puts it into the root, as a file that can be executed. */
    public static void put(Path root) {
        put(root, "usr/bin");
    }

    /** The same, into this folder of the root. */
    public static void put(Path root, String folder) {
        try (InputStream script = NetclientDouble.class.getResourceAsStream("/netmaker/netclient")) {
            executable(
                    root.resolve(folder).resolve("netclient"),
                    Objects.requireNonNull(script).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void executable(Path program, byte[] content) throws IOException {
        Files.createDirectories(program.getParent());
        Path unfinished = program.resolveSibling(program.getFileName() + ".new");
        Files.write(unfinished, content);
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(unfinished, program, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Tells it how to behave. */
    public static void tell(Path root, String what) {
        write(root.resolve("etc/double"), what);
    }

    /** A token for {@link #JOIN_BY_HAND}: on a command line it would be seen. */
    public static void putToken(Path root, String token) {
        write(root.resolve("etc/token"), token);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on each peer was heard so many seconds ago, as far as wg tells; each question is counted. */
    public static void heardAgo(Path root, long seconds) {
        write(root.resolve("etc/heard"), Long.toString(seconds));
        try {
            executable(root.resolve("usr/local/bin/wg"), """
                    #!/bin/sh
                    [ "$3" = latest-handshakes ] || exec /usr/bin/wg "$@"
                    echo asked >>/etc/heard.asked
                    at=$(($(date +%s) - $(cat /etc/heard)))
                    for peer in $(/usr/bin/wg show "$2" peers); do printf '%s\\t%s\\n' "$peer" "$at"; done
                    """.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often wg was asked when the peers were heard. */
    public static int questions(Path root) {
        Path asked = root.resolve("etc/heard.asked");
        try {
            return Files.exists(asked) ? Files.readAllLines(asked).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the container one that systemd has booted, as far as sd_booted(3) tells. */
    public static void systemd(Path root) {
        try {
            Files.createDirectories(root.resolve("run/systemd/system"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
