// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/**
 * An Open vSwitch bridge.
 *
 * @param name its name
 * @param datapathType {@code system} for the kernel's datapath, {@code netdev} for the userspace one
 */
public record Bridge(String name, String datapathType) {
    /**
     * Returns whether ovs-vswitchd itself forwards the packets; it cannot finish a packet's
     * checksum.
     */
    public boolean isUserspace() {
        return datapathType.equals("netdev");
    }
}
