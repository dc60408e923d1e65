// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** What forbids a move off a bridge. */
final class BackChecks {
    private final UplinkPicture picture;
    private final MoveRequest request;
    private final Reasons reasons = new Reasons();

    private BackChecks(UplinkPicture picture, MoveRequest request) {
        this.picture = picture;
        this.request = request;
    }

    static List<Reason> reasons(UplinkPicture picture, MoveRequest request, ManagerPlan manager) {
        BackChecks checks = new BackChecks(picture, request);
        CommonChecks.request(checks.reasons, request);
        picture.troubles().forEach(trouble -> checks.reasons.add(trouble, "the plan needs this; try again"));
        checks.record();
        if (picture.moved().containsKey(request.link())) {
            checks.link();
            checks.bridge();
        }
        CommonChecks.clients(checks.reasons, picture, manager, request.bridge());
        return checks.reasons.all();
    }

    /** Without the record, the former settings are not known, nor what the move wrote. */
    private void record() {
        Optional<UplinkPlan> record = Optional.ofNullable(picture.moved().get(request.link()));
        if (record.isEmpty()) {
            reasons.add(
                    "there is no record of a move of " + request.link(),
                    "what op-dbus did not move, it cannot move back; take the link off the bridge by hand");
            return;
        }
        String bridge = record.get().request().bridge();
        reasons.addIf(
                !bridge.equals(request.bridge()),
                request.link() + " was moved onto the bridge " + bridge + ", not " + request.bridge(),
                "leave the bridge out, or name " + bridge);
        picture.bridge(request.bridge())
                .filter(found -> found.ports().contains(request.link()))
                .filter(found -> !found.marks().containsKey(request.link()))
                .ifPresent(
                        found -> reasons.add(
                                "the port " + request.link() + " does not bear the mark of a move",
                                "another program has removed it or has made the port anew; start the agent, which marks the port of a "
                                        + "confirmed move again (systemctl start op-dbus), or take the link off the bridge by hand"));
    }

    private void link() {
        Optional<ListedLink> link = picture.link(request.link());
        if (link.isEmpty()) {
            reasons.add(
                    "there is no link " + request.link(), "'op-dbus uplink status' shows the uplinks that were moved");
            return;
        }
        CommonChecks.state(reasons, link.get());
        LinkNetwork network = new LinkNetwork(picture, link.get());
        List<String> addresses = network.addresses().stream()
                .filter(address -> !LinkNetwork.isLinkLocal(address))
                .map(ListedAddress::address)
                .toList();
        reasons.addIf(
                !addresses.isEmpty(),
                request.link() + " has addresses of its own (" + String.join(", ", addresses) + ")",
                "remove them from the link first");
    }

    private void bridge() {
        Optional<SwitchBridge> bridge = picture.bridge(request.bridge());
        Optional<ListedLink> own = picture.link(request.bridge());
        if (bridge.isEmpty() || own.isEmpty()) {
            reasons.add(
                    "there is no bridge " + request.bridge(),
                    "'op-dbus uplink status' shows the uplinks that were moved");
            return;
        }
        reasons.addIf(
                !bridge.get().ports().contains(request.link()),
                request.link() + " is not a port of the bridge " + request.bridge(),
                "there is nothing to move back");
        CommonChecks.network(reasons, new LinkNetwork(picture, own.get()));
    }
}
