// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * The desired state.
 *
 * @param file the file that describes the wanted containers; need not exist
 * @param watch whether the agent applies it whenever it is written
 */
public record StateConfig(Path file, boolean watch) {
    static final Limit<Path> FILE = Limit.absolutePath();

    public StateConfig {
        FILE.check("file", file);
    }

    public static StateConfig defaults() {
        return new StateConfig(Path.of("/etc/op-dbus/state.json"), false);
    }
}
