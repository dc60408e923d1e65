// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import org.opdbus.config.json.Limit;

/**
 * Where Proxmox VE keeps its configuration.
 *
 * @param confDir the folder of {@code VMID.conf} files of this node's containers; it need not exist
 */
public record ProxmoxConfig(Path confDir) {
    static final Limit<Path> CONF_DIR = Limit.absolutePath();

    public ProxmoxConfig {
        CONF_DIR.check("confDir", confDir);
    }

    public static ProxmoxConfig defaults() {
        return new ProxmoxConfig(Path.of("/etc/pve/lxc"));
    }
}
