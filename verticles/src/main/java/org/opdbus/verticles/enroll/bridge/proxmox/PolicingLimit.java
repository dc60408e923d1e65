// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import java.util.Map;
import org.opdbus.events.Port;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.verticles.view.PortOwner;

/**
 * Proxmox's {@code rate=} as columns of an Interface row (ovs-vswitchd.conf.db(5), Ingress Policing): the limit of what the
 * container may send.
 *
 * <p>Proxmox sets this limit with tc(8). ovs-vswitchd configures an interface again whenever its link changes in any way. It
 * then removes every ingress queueing discipline that its own row does not have. So the row must contain the same limit.
 *
 * @param kbits the limit in thousands of bits a second; 0 for none
 */
public record PolicingLimit(int kbits) {
    private static final long KILO = 1_000;
    private static final int BITS = 8;
    /** Proxmox allows a burst of one mebibyte (PVE::Network, {@code setup_tc_rate_limit}). */
    private static final int BURST_KBITS = (int) (1024L * 1024 * BITS / KILO);

    /** Returns the limit of a network device. */
    public static PolicingLimit of(ProxmoxNet net) {
        return new PolicingLimit(net.rateBytes()
                .map(bytes -> (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes * BITS / KILO)))
                .orElse(0));
    }

    /** Returns the columns of the Interface row. */
    public Map<String, Integer> columns() {
        return Map.of("ingress_policing_rate", kbits, "ingress_policing_burst", kbits == 0 ? 0 : BURST_KBITS);
    }

    /** Returns the external_ids of the Port row that record the limit. */
    public Map<String, String> ids() {
        return Map.of(PortOwner.LIMIT, Integer.toString(kbits));
    }

    /** Returns whether the port has this limit. The agent considers only a limit that it wrote itself. */
    public boolean isOn(Port port) {
        return port.externalIds().getOrDefault(PortOwner.LIMIT, "0").equals(Integer.toString(kbits));
    }
}
