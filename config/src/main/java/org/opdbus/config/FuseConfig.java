// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.config.json.Limit;

/**
 * Where the agent shows the host as files, and who may read them.
 *
 * @param mount the folder on which it mounts them; empty if it does not
 * @param readers the group whose members may read beside root; {@code *} for all users
 * @param writable whether root may write the files that can be written
 */
public record FuseConfig(String mount, String readers, boolean writable) {
    private static final Pattern READERS_PATTERN = Pattern.compile("\\*|[a-z_][a-z0-9_-]{0,30}\\$?");

    static final Limit<String> MOUNT = Limit.that(
            folder -> folder.isEmpty() || (folder.startsWith("/") && folder.indexOf('\0') < 0),
            "must be an absolute path, or empty");
    /** Public for the option of {@code op-dbus mount}. */
    public static final Limit<String> READERS = Limit.that(
            readers -> READERS_PATTERN.matcher(readers).matches(),
            "must be * or the name of a group (1 to 32 lower-case letters, digits, hyphens, underscores)");

    public FuseConfig {
        MOUNT.check("mount", mount);
        READERS.check("readers", readers);
    }

    public static FuseConfig defaults() {
        return new FuseConfig("", "op-dbus", false);
    }

    /** Returns the folder on which the agent mounts, if it does. */
    public Optional<Path> folder() {
        return mount.isEmpty() ? Optional.empty() : Optional.of(Path.of(mount));
    }
}
