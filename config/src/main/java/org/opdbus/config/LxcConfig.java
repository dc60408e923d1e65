// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * Where containers are, and the tools that create and start them.
 *
 * @param path the folder with one folder per container ({@code lxc.lxcpath})
 */
public record LxcConfig(Path path, Driver driver) {
    /** The tools that create, start, stop and destroy a container. */
    public enum Driver {
        /** {@code pct} if this host has it, otherwise LXC's own. */
        AUTO,
        /** {@code lxc-create} and its family. */
        LXC,
        /** Proxmox VE's {@code pct}. */
        PCT
    }

    static final Limit<Path> PATH = Limit.absolutePath();

    public LxcConfig {
        PATH.check("path", path);
    }

    public static LxcConfig defaults() {
        return new LxcConfig(Path.of("/var/lib/lxc"), Driver.AUTO);
    }
}
