// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.Step.Setting;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/**
 * The steps of a move off a bridge that nothing forbids. Addresses, routes and rules are those of now; the settings, the files and
 * the bridge go back to what the record of the move onto the bridge says.
 */
final class BackPlan {
    private final UplinkPicture picture;
    private final MoveRequest request;
    private final UplinkPlan record;
    private final ListedLink link;
    private final LinkNetwork network;
    private final SwitchBridge bridge;
    private final boolean removesBridge;
    private final List<Step> steps = new ArrayList<>();

    private BackPlan(UplinkPicture picture, MoveRequest request, UplinkPlan record) {
        this.picture = picture;
        this.request = request;
        this.record = record;
        link = picture.link(request.link()).orElseThrow();
        network = new LinkNetwork(picture, picture.link(request.bridge()).orElseThrow());
        bridge = picture.bridge(request.bridge()).orElseThrow();
        // The way back of an earlier move off the bridge marked the bridge with that move.
        removesBridge = bridge.madeBy().isPresent() && otherPorts().isEmpty();
    }

    static UplinkPlan of(UplinkPicture picture, MoveRequest request, ManagerPlan manager, String id) {
        BackPlan plan = new BackPlan(
                picture,
                request,
                Optional.ofNullable(picture.moved().get(request.link())).orElseThrow());
        plan.build(manager);
        List<String> notes = new ArrayList<>(plan.notes());
        notes.addAll(manager.notes());
        notes.addAll(picture.notes());
        return new UplinkPlan(id, request, manager.manager(), plan.steps, notes);
    }

    private List<String> otherPorts() {
        return bridge.ports().stream()
                .filter(port -> !port.equals(request.link()))
                .toList();
    }

    private void build(ManagerPlan manager) {
        steps.addAll(manager.before());
        FormerSettings former = new FormerSettings(record);
        List<Setting> before = new ArrayList<>(former.of(link.name(), settings(link.name())));
        before.addAll(withoutSenderCheck());
        writeSettings(before);
        Step.Network moved = moved();
        steps.add(new Step.MoveNetwork(request.bridge(), link.name(), moved));
        steps.add(new Step.DetachLink(
                link.name(),
                request.bridge(),
                Optional.ofNullable(bridge.vlans().get(link.name()))));
        writeSettings(settingsAfter(former));
        restore().ifPresent(steps::add);
        steps.addAll(manager.after());
        steps.add(new Step.Announce(link.name(), link.mac().orElseThrow(), moved.addresses()));
        steps.add(new Step.Probe(link.name(), OntoPlan.targets(network, request)));
    }

    /** A link-local address that the move did not bring is the bridge's own, and stays. */
    private Step.Network moved() {
        Set<String> brought = record.steps().stream()
                .filter(Step.MoveNetwork.class::isInstance)
                .flatMap(step -> ((Step.MoveNetwork) step).network().addresses().stream())
                .map(ListedAddress::address)
                .collect(Collectors.toSet());
        Step.Network all = network.moved();
        List<ListedAddress> addresses = all.addresses().stream()
                .filter(address -> !LinkNetwork.isLinkLocal(address) || brought.contains(address.address()))
                .toList();
        return new Step.Network(addresses, all.routes(), all.rules());
    }

    private Map<String, String> settings(String name) {
        return picture.settings().getOrDefault(name, Map.of());
    }

    /** While the addresses are on the link and the port is still there, packets arrive by the bridge. */
    private List<Setting> withoutSenderCheck() {
        Map<String, String> now = LinkSettings.only(settings(request.bridge()), LinkSettings.SENDER_CHECK);
        return LinkSettings.changes(request.bridge(), now, LinkSettings.with(now, LinkSettings.SENDER_CHECK, "0"));
    }

    /** A bridge that is removed gets the settings of a new one first, so that the undo gives it back what it has now. */
    private List<Setting> settingsAfter(FormerSettings former) {
        Map<String, String> now = settings(request.bridge());
        Map<String, String> wanted = former.wanted(request.bridge(), now);
        if (removesBridge) {
            String mtu = now.getOrDefault(LinkSettings.IPV6_MTU, "");
            wanted = LinkSettings.with(settings(UplinkPicture.NEW_LINKS), LinkSettings.IPV6_MTU, mtu);
        }
        return LinkSettings.changes(request.bridge(), LinkSettings.with(now, LinkSettings.SENDER_CHECK, "0"), wanted);
    }

    /** A bridge whose hardware address was changed since the move keeps it, and its MTU. */
    private Optional<Step> restore() {
        Step.PrepareBridge prepared = record.steps().stream()
                .filter(Step.PrepareBridge.class::isInstance)
                .map(Step.PrepareBridge.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the record " + record.id() + " prepares no bridge"));
        boolean isUnchanged = bridge.hwaddr().equals(Optional.of(prepared.mac()));
        if (!removesBridge && !isUnchanged) {
            return Optional.empty();
        }
        return Optional.of(new Step.RestoreBridge(
                bridge.name(),
                removesBridge,
                bridge.datapath(),
                prepared.mac(),
                prepared.formerHwaddr(),
                prepared.mtu(),
                prepared.formerMtu()));
    }

    private void writeSettings(List<Setting> settings) {
        if (!settings.isEmpty()) {
            steps.add(new Step.WriteSettings(settings));
        }
    }

    private List<String> notes() {
        String stays = OntoNotes.staysOn(bridge.name(), link.name());
        List<String> others = otherPorts();
        if (others.isEmpty()) {
            return List.of(stays);
        }
        return List.of(
                stays,
                "The bridge " + bridge.name() + " stays without an uplink; what is on it loses the network: "
                        + String.join(", ", others) + ".");
    }
}
