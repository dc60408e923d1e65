// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.bridge.plan.StrangerRule;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.view.HostView;

/** Finds the reason why a link that Proxmox manages must not be a port of an Open vSwitch bridge. Pure. */
final class ProxmoxBar {
    private ProxmoxBar() {}

    /** Returns the reason, if there is one. */
    static Optional<Refuse> of(HostView view, Link link, ProxmoxNet net) {
        if (net.firewall()) {
            return Optional.of(new Refuse(
                    Refusal.FIREWALLED,
                    "Proxmox's firewall filters link " + link.name() + " (net" + net.number() + " has firewall=1)",
                    "leave it to Proxmox, or set firewall=0 on the network device if it needs no filter"));
        }
        Optional<Link> master = StrangerRule.masterOf(view, link);
        if (master.isPresent()) {
            return Optional.of(StrangerRule.refuseMaster(link, master.get()));
        }
        if (net.linkDown()) {
            return Optional.of(new Refuse(
                    Refusal.UNPLUGGED,
                    "Proxmox keeps link " + link.name() + " unplugged (net" + net.number() + " has link_down=1)",
                    "set link_down=0 on the network device to plug it"));
        }
        if (net.bridge().isEmpty()) {
            return Optional.of(new Refuse(
                    Refusal.UNPLUGGED,
                    "Proxmox has configured no bridge for link " + link.name() + " (net" + net.number() + ")",
                    "give the network device a bridge (pct set, qm set)"));
        }
        if (view.bridge(net.bridge().get()).isEmpty()) {
            return Optional.of(new Refuse(
                    Refusal.NO_SUCH_BRIDGE,
                    "Proxmox plugs link " + link.name() + " into "
                            + net.bridge().get() + ", which is no bridge of Open vSwitch",
                    "nothing, if that is so on purpose; else give the network device an Open vSwitch bridge"));
        }
        return Optional.empty();
    }
}
