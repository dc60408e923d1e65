// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.fuse.wire.FuseMount;
import org.opdbus.verticles.fuse.wire.MountTable;

/**
 * A small process that removes the mount if this process is killed: it waits at the end of a pipe that the kernel closes then. It
 * is started before the mount, and removes only a mount of this type that shows on the path and whose server is gone.
 */
final class MountGuard implements AutoCloseable {
    private static final long END_LIMIT_S = 5;

    /**
     * $1 is the path, $2 the path as the mount table has it, $3 the type. The kernel closes the pipe and the device of a killed
     * process one after the other, so that the mount may still answer for a moment.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            if read -r word && [ "$word" = end ]; then exit 0; fi
            tries=100
            while [ "$tries" -gt 0 ]; do
                shown=
                while read -r id parent device root point options rest; do
                    [ "$point" = "$2" ] || continue
                    case $rest in *"- $3 "*) shown=yes ;; *) shown= ;; esac
                done </proc/self/mountinfo
                [ -n "$shown" ] || exit 0
                case $(LC_ALL=C timeout 5 stat -f -- "$1" 2>&1 >/dev/null) in
                *"endpoint is not connected"* | *"connection abort"*)
                    umount -i -l -- "$1" && exit 0
                    ;;
                esac
                sleep 0.1
                tries=$((tries - 1))
            done
            echo "op-dbus: could not remove the mount on $1, whose server was killed; run: umount -l $1" >&2
            """;

    private final Process process;

    private MountGuard(Process process) {
        this.process = process;
    }

    /** Starts one; it does nothing until this process ends or closes it. */
    static MountGuard start(Path path) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        SCRIPT,
                        "op-dbus-mount-guard",
                        path.toString(),
                        MountTable.escape(path.toString()),
                        FuseMount.TYPE)
                .directory(Path.of("/").toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return new MountGuard(builder.start());
    }

    /** Ends it without another look at the mount. */
    @Override
    public void close() {
        try (OutputStream pipe = process.getOutputStream()) {
            pipe.write("end\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException gone) {
            // It has been killed, so there is nothing to end.
            process.destroyForcibly();
        }
        try {
            if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
