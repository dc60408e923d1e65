// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/** What forbids a bridge as the receiver of an uplink. */
final class BridgeChecks {
    private final UplinkPicture picture;
    private final MoveRequest request;
    private final Reasons reasons;
    private final String name;

    BridgeChecks(UplinkPicture picture, MoveRequest request, Reasons reasons) {
        this.picture = picture;
        this.request = request;
        this.reasons = reasons;
        name = request.bridge();
    }

    void add() {
        Optional<SwitchBridge> bridge = picture.bridge(name);
        Optional<ListedLink> own = picture.link(name);
        if (bridge.isPresent()) {
            switching(bridge.get());
            otherUplinks(bridge.get());
            own.ifPresent(this::addresses);
        } else if (!OntoChecks.isName(name)) {
            reasons.add("'" + name + "' cannot be the name of a bridge", "use at most 15 letters, digits and hyphens");
        } else {
            own.ifPresent(link -> reasons.add(
                    "there is a link " + name + " that is not a bridge of Open vSwitch"
                            + (link.kind().isEmpty() ? "" : ", but of kind " + link.kind()),
                    "choose another name for the bridge"));
        }
    }

    private void switching(SwitchBridge bridge) {
        reasons.addIf(
                bridge.failMode().filter("secure"::equals).isPresent(),
                "the bridge " + name + " forwards only what a controller told it to (fail_mode secure)",
                "if no controller uses it: ovs-vsctl set-fail-mode " + name + " standalone");
        reasons.addIf(
                !bridge.controllers().isEmpty(),
                "the bridge " + name + " has a controller (" + String.join(", ", bridge.controllers())
                        + ") that can cut the host off",
                "choose another bridge, or remove it: ovs-vsctl del-controller " + name);
        reasons.addIf(
                bridge.stp(),
                "the bridge " + name + " runs a spanning tree protocol, which blocks a new port for seconds",
                "turn it off: ovs-vsctl set Bridge " + name + " stp_enable=false rstp_enable=false");
    }

    /** Two ways to one network without a spanning tree make a loop. */
    private void otherUplinks(SwitchBridge bridge) {
        List<String> others = bridge.ports().stream()
                .filter(port -> !port.equals(request.link()))
                .filter(port -> bridge.marks().containsKey(port)
                        || picture.link(port).filter(BridgeChecks::leadsOut).isPresent())
                .toList();
        reasons.addIf(
                !others.isEmpty(),
                "the bridge " + name + " has the uplink " + String.join(", ", others)
                        + " already, and a second one can make a loop",
                "choose another bridge, or make a bond of both");
    }

    private static boolean leadsOut(ListedLink link) {
        return !link.parentDevice().isEmpty() || List.of("bond", "team", "vlan").contains(link.kind());
    }

    private void addresses(ListedLink own) {
        Map<String, Map<String, String>> settings = picture.settings();
        LinkNetwork network = new LinkNetwork(picture, own);
        List<String> addresses = network.addresses().stream()
                .filter(address -> !LinkNetwork.isLinkLocal(address))
                .map(ListedAddress::address)
                .toList();
        reasons.addIf(
                !addresses.isEmpty(),
                "the bridge " + name + " has addresses of its own (" + String.join(", ", addresses) + ")",
                "choose a bridge without addresses, or remove them");
        List<String> routes = network.routes().stream()
                .filter(route -> !LinkNetwork.isOfKernel(route))
                .map(ListedRoute::destination)
                .toList();
        reasons.addIf(
                addresses.isEmpty() && !routes.isEmpty(),
                "routes lead over the bridge " + name + " already (" + String.join(", ", routes) + ")",
                "choose another bridge, or remove them");
        reasons.addIf(
                settings.containsKey(name) && own.master() != 0 && !isOfSwitch(own),
                "the bridge " + name + " belongs to another link",
                "take it out first: ip link set " + name + " nomaster");
    }

    /** The kernel's module of Open vSwitch makes its ports belong to the link {@code ovs-system}. */
    private boolean isOfSwitch(ListedLink own) {
        return picture.links().stream()
                .anyMatch(link -> link.index() == own.master() && link.kind().equals("openvswitch"));
    }
}
