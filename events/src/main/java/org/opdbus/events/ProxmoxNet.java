// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Proxmox VE has configured for one network device of a container, {@code netN} (pct.conf(5)).
 * Its link on the host is {@code veth<VMID>i<N>}.
 *
 * @param number the N of {@code netN}
 * @param bridge the bridge that Proxmox plugs the link into; empty while Proxmox changes the
 * device, or if it has none
 * @param mac the hardware address inside the container, in lower case
 * @param tag the access or native VLAN
 * @param trunks the trunked VLANs
 * @param firewall whether Proxmox's firewall stands between the link and the bridge
 * @param linkDown whether the link must not be plugged into any bridge
 * @param mtu the MTU inside the container
 * @param rateBytes the limit in bytes a second
 */
public record ProxmoxNet(
        int number,
        Optional<String> bridge,
        Optional<String> mac,
        Optional<Integer> tag,
        Set<Integer> trunks,
        boolean firewall,
        boolean linkDown,
        Optional<Integer> mtu,
        Optional<Long> rateBytes) {
    public ProxmoxNet {
        trunks = Collections.unmodifiableSet(new TreeSet<>(trunks));
    }

    /**
     * Returns how Open vSwitch must interpret tag and trunks. Proxmox sets this column only if a
     * device has both (PVE::Network, {@code tap_plug}).
     */
    public Optional<String> vlanMode() {
        return tag.isPresent() && !trunks.isEmpty() ? Optional.of("native-untagged") : Optional.empty();
    }
}
