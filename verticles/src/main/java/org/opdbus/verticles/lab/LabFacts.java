// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.opdbus.events.LabEvent;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;

/** Tells what changes of a lab, each once; of a lab that ran already, what changes from then on. For the lab's thread. */
final class LabFacts {
    private final String lab;
    private final Consumer<LabEvent> facts;
    /** The endpoints that are live, by the name of their port. */
    private Map<String, LabEvent.EndpointJoined> live = new TreeMap<>();

    private Map<String, String> degraded = Map.of();

    /** An earlier agent has told of the endpoints that are live now. */
    private boolean known;

    LabFacts(String lab, Consumer<LabEvent> facts, boolean takenOver) {
        this.lab = lab;
        this.facts = facts;
        known = takenOver;
    }

    void seen(LabDefinition definition, LabPicture picture, Map<String, String> trouble) {
        if (picture.switchRuns()) {
            Map<String, LabEvent.EndpointJoined> now = joined(definition, picture);
            live = known ? now : live;
            known = false;
            live.forEach((port, was) -> {
                LabEvent.EndpointJoined is = now.get(port);
                if (is == null || !is.lan().equals(was.lan())) {
                    facts.accept(new LabEvent.EndpointLeft(lab, port, was.item(), was.lan()));
                }
            });
            now.forEach((port, is) -> {
                LabEvent.EndpointJoined was = live.get(port);
                if (was == null || !was.lan().equals(is.lan())) {
                    facts.accept(is);
                }
            });
            live = now;
        }
        if (trouble.isEmpty() && !degraded.isEmpty()) {
            degraded = Map.of();
            facts.accept(new LabEvent.LabRecovered(lab));
        }
    }

    private Map<String, LabEvent.EndpointJoined> joined(LabDefinition definition, LabPicture picture) {
        Map<String, LabEvent.EndpointJoined> joined = new TreeMap<>();
        definition
                .items()
                .values()
                .forEach(item -> item.endpoints()
                        .forEach(endpoint -> endpoint.place().ifPresent(place -> {
                            String name = item.portOf(endpoint);
                            LabPicture.LanBridge bridge = picture.lans().get(LabNames.bridge(place.lan()));
                            LanPort port =
                                    bridge == null ? null : bridge.ports().get(name);
                            if (port != null && port.ofport() >= 1) {
                                joined.put(
                                        name,
                                        new LabEvent.EndpointJoined(
                                                lab, name, item.name(), place.lan(), port.ofport()));
                            }
                        })));
        return joined;
    }

    /** Something is not as wanted although there was time. */
    void degraded(Map<String, String> trouble) {
        trouble.forEach((what, reason) -> {
            if (!reason.equals(degraded.get(what))) {
                facts.accept(new LabEvent.LabDegraded(lab, what, reason, "see op-dbus lab " + lab + " show"));
            }
        });
        degraded = Map.copyOf(trouble);
    }
}
