// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a tap of Proxmox VE says (PVE::QemuServer).
 *
 * @param vmid the number of the machine
 * @param device the number of its network device
 */
record ProxmoxTap(String vmid, int device) {
    private static final Pattern NAME = Pattern.compile("tap([1-9][0-9]{2,8})i([0-9]{1,2})");

    /** Parses the name; empty if Proxmox gives no tap this name. */
    static Optional<ProxmoxTap> of(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new ProxmoxTap(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }
}
