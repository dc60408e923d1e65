// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.Step.Setting;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/** The steps of a move onto a bridge that nothing forbids. */
final class OntoPlan {
    private final UplinkPicture picture;
    private final MoveRequest request;
    private final ListedLink link;
    private final LinkNetwork network;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private OntoPlan(UplinkPicture picture, MoveRequest request) {
        this.picture = picture;
        this.request = request;
        link = picture.link(request.link()).orElseThrow();
        network = new LinkNetwork(picture, link);
    }

    static UplinkPlan of(UplinkPicture picture, MoveRequest request, ManagerPlan manager, String id) {
        OntoPlan plan = new OntoPlan(picture, request);
        plan.build(manager);
        return new UplinkPlan(id, request, manager.manager(), plan.steps, plan.notes);
    }

    private void build(ManagerPlan manager) {
        steps.add(prepare());
        steps.addAll(manager.before());
        writeSettings(bridgeSettingsBefore());
        steps.add(new Step.AttachLink(link.name(), request.bridge()));
        Step.Network moved = network.moved();
        steps.add(new Step.MoveNetwork(link.name(), request.bridge(), moved));
        writeSettings(settingsAfter());
        steps.addAll(manager.after());
        steps.add(new Step.Announce(request.bridge(), link.mac().orElseThrow(), moved.addresses()));
        steps.add(new Step.Probe(request.bridge(), targets(network, request)));
        notes.addAll(OntoNotes.of(network, request));
        notes.addAll(manager.notes());
        notes.addAll(picture.notes());
    }

    private Step prepare() {
        Optional<SwitchBridge> bridge = picture.bridge(request.bridge());
        return new Step.PrepareBridge(
                request.bridge(),
                bridge.isEmpty(),
                bridge.map(SwitchBridge::datapath).orElseGet(this::datapath),
                link.mac().orElseThrow(),
                bridge.flatMap(SwitchBridge::hwaddr),
                link.mtu(),
                bridge.map(there -> there.mtuRequest().orElse(0L)));
    }

    /** A host has one kind of datapath as a rule: that of its other bridges, if they agree. */
    private String datapath() {
        Set<String> known = new LinkedHashSet<>();
        picture.bridges().forEach(bridge -> known.add(bridge.datapath()));
        return known.size() == 1 ? known.iterator().next() : "";
    }

    private Map<String, String> bridgeSettings() {
        Map<String, String> unchanged = picture.settings().getOrDefault(UplinkPicture.NEW_LINKS, Map.of());
        Map<String, String> bridge = picture.settings().getOrDefault(request.bridge(), unchanged);
        // The kernel sets it to the MTU of the link when that changes.
        return LinkSettings.with(bridge, LinkSettings.IPV6_MTU, Long.toString(link.mtu()));
    }

    private Map<String, String> linkSettings() {
        return picture.settings().getOrDefault(link.name(), Map.of());
    }

    /**
     * Until the addresses have moved, packets for them arrive by the bridge while their routes still lead out by the link. A strict
     * check of senders would drop them.
     */
    private List<Setting> bridgeSettingsBefore() {
        Map<String, String> wanted = LinkSettings.with(linkSettings(), LinkSettings.SENDER_CHECK, "0");
        return LinkSettings.changes(request.bridge(), bridgeSettings(), wanted);
    }

    /**
     * The bridge gets the link's own check of senders. The link must not make a link-local address again, nor hear routers. A
     * userspace datapath leaves a copy of each packet to the kernel: the link must not take it, nor answer ARP requests.
     */
    private List<Setting> settingsAfter() {
        List<Setting> settings = new ArrayList<>();
        Map<String, String> now = LinkSettings.with(bridgeSettings(), LinkSettings.SENDER_CHECK, "0");
        settings.addAll(LinkSettings.changes(
                request.bridge(), LinkSettings.only(now, LinkSettings.SENDER_CHECK), linkSettings()));
        settings.addAll(LinkSettings.changes(link.name(), linkSettings(), LinkSettings.DEAF));
        return settings;
    }

    private void writeSettings(List<Setting> settings) {
        if (!settings.isEmpty()) {
            steps.add(new Step.WriteSettings(settings));
        }
    }

    /** Returns the routers, and what the request names beside them. */
    static List<ProbeTarget> targets(LinkNetwork network, MoveRequest request) {
        Set<ProbeTarget> targets = new LinkedHashSet<>(network.gateways());
        targets.addAll(request.targets());
        return List.copyOf(targets);
    }
}
