// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.plan.LabPicture.LabLink;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.LabPicture.LanMirror;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;

/** Says what of a lab is not as its definition says, with the reason. A pure function. */
public final class LabTrouble {
    private final LabPicture picture;
    private final Map<String, String> reasons = new TreeMap<>();

    private LabTrouble(LabPicture picture) {
        this.picture = picture;
    }

    /** Returns the reasons by the name of the lab, of an item, or of the port of an endpoint; empty if everything is as wanted. */
    public static Map<String, String> of(LabDefinition definition, LabPicture picture) {
        LabTrouble trouble = new LabTrouble(picture);
        if (picture.switchRuns()) {
            definition.items().values().forEach(item -> trouble.look(definition.name(), item));
            picture.machines().keySet().stream()
                    .filter(name -> !definition.items().containsKey(name))
                    .forEach(name -> trouble.reasons.put(
                            name,
                            "it runs, and the definition does not have it; op-dbus lab " + definition.name()
                                    + " stop ends it with the lab"));
        } else {
            trouble.reasons.put(definition.name(), "its Open vSwitch does not run");
        }
        return trouble.reasons;
    }

    private void look(String lab, LabItem item) {
        MachineState state = picture.machines().get(item.name());
        if (state != MachineState.RUNNING) {
            reasons.put(
                    item.name(),
                    state == MachineState.CHANGING
                            ? "it is about to run or to end"
                            : state == MachineState.ENDED
                                    ? "it ended by itself; this starts it again: op-dbus lab " + lab + " start"
                                    : "it does not run");
            return;
        }
        if (picture.hasOtherSettings(item)) {
            reasons.put(item.name(), "it does not have the new settings yet");
        }
        for (LabEndpoint endpoint : item.endpoints()) {
            String port = item.portOf(endpoint);
            if (!picture.links().containsKey(port)) {
                reasons.put(port, "its link is missing");
            } else {
                endpoint.place().ifPresent(place -> {
                    LanBridge bridge = picture.lans().get(LabNames.bridge(place.lan()));
                    String reason = portReason(bridge, port, place);
                    if (reason == null && endpoint.spied() && bridge != null) {
                        reason = spyReason(bridge, port, picture.links().get(LabNames.spy(port)));
                    }
                    if (reason != null) {
                        reasons.put(port, reason);
                    }
                });
            }
        }
    }

    private static @Nullable String portReason(@Nullable LanBridge bridge, String name, LabEndpoint.Place place) {
        LanPort port = bridge == null ? null : bridge.ports().get(name);
        if (port == null) {
            return "it is not yet on the LAN " + place.lan();
        }
        return numberReason(port);
    }

    private static @Nullable String numberReason(LanPort port) {
        if (port.ofport() >= 1) {
            return null;
        }
        return port.error().isEmpty()
                ? "Open vSwitch gave it no port number: is the kernel module there, and does ovs-vswitchd run?"
                : "Open vSwitch says: " + port.error();
    }

    private static @Nullable String spyReason(LanBridge bridge, String name, @Nullable LabLink link) {
        LanPort spy = bridge.ports().get(LabNames.spy(name));
        LanMirror mirror = bridge.mirrors().get(LabNames.mirror(name));
        if (spy == null
                || mirror == null
                || !mirror.selected().equals(name)
                || !mirror.output().equals(LabNames.spy(name))) {
            return "its frames are not yet copied to " + LabNames.spy(name);
        }
        String reason = numberReason(spy);
        return reason == null && (link == null || !link.up()) ? "its link " + spy.name() + " is not up yet" : reason;
    }
}
