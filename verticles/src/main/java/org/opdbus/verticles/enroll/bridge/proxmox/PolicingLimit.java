// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import java.util.Map;
import org.opdbus.events.Port;
import org.opdbus.events.ProxmoxNet;
import org.opdbus.verticles.view.PortOwner;

/**
 * Proxmox's {@code rate=} as columns of an Interface row (ovs-vswitchd.conf.db(5), Ingress Policing): what the container may
 * send.
 *
 * <p>Proxmox sets this limit with tc(8). ovs-vswitchd configures an interface anew whenever its link changes in any way, and
 * then takes away every ingress queueing discipline that its own row does not ask for. So the row has to say the same.
 *
 * @param kbits the limit in thousands of bits a second; 0 for none
 */
public record PolicingLimit(int kbits) {
    private static final long KILO = 1_000;
    private static final int BITS = 8;
    /** Proxmox allows a burst of one mebibyte (PVE::Network, {@code setup_tc_rate_limit}). */
    private static final int BURST_KBITS = (int) (1024L * 1024 * BITS / KILO);

    /** The limit of a network device. */
    public static PolicingLimit of(ProxmoxNet net) {
        return new PolicingLimit(net.rateBytes()
                .map(bytes -> (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes * BITS / KILO)))
                .orElse(0));
    }

    /** The columns of the Interface row. */
    public Map<String, Integer> columns() {
        return Map.of("ingress_policing_rate", kbits, "ingress_policing_burst", kbits == 0 ? 0 : BURST_KBITS);
    }

    /** What the Port row says of it. */
    public Map<String, String> ids() {
        return Map.of(PortOwner.LIMIT, Integer.toString(kbits));
    }

    /** Whether the port has this limit, as far as the agent wrote it; a limit that it did not write is not its to change. */
    public boolean isOn(Port port) {
        return port.externalIds().getOrDefault(PortOwner.LIMIT, "0").equals(Integer.toString(kbits));
    }
}
