// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.nio.file.Path;

/**
 * The options of the Proxmox source.
 *
 * @param confDir the folder of {@code VMID.conf} files; it need not exist
 * @param relistMs the interval between full listings; they are the safety net, not the mechanism
 */
public record ProxmoxOptions(Path confDir, long relistMs) {
    public ProxmoxOptions {
        if (!confDir.isAbsolute()) {
            throw new IllegalArgumentException("proxmox.confDir must be absolute: " + confDir);
        }
        if (relistMs < 100) {
            throw new IllegalArgumentException("relistMs must be at least 100, not " + relistMs);
        }
    }

    /** The defaults for this folder: a full listing once a minute. */
    public static ProxmoxOptions of(Path confDir) {
        return new ProxmoxOptions(confDir, 60_000);
    }
}
