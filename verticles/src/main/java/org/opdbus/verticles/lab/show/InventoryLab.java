// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.show;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.KnownLab.Endpoint;
import org.opdbus.verticles.inventory.KnownLab.Lan;
import org.opdbus.verticles.inventory.KnownLab.Place;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.plan.LabStatus;

/** Makes the inventory's view of a lab from its status. A pure function. */
public final class InventoryLab {
    private static final String ABSENT = "absent";

    private final LabStatus status;

    private InventoryLab(LabStatus status) {
        this.status = status;
    }

    /** Returns the view of each lab. */
    public static List<KnownLab> of(List<LabStatus> all) {
        return all.stream().map(status -> new InventoryLab(status).lab()).toList();
    }

    private KnownLab lab() {
        LabDefinition definition = status.definition();
        List<Endpoint> endpoints = new ArrayList<>();
        definition
                .items()
                .values()
                .forEach(item -> item.endpoints().forEach(each -> endpoints.add(endpoint(item, each))));
        return new KnownLab(
                definition.name(),
                LabNames.namespace(definition.name()),
                status.running(),
                status.settled(),
                endpoints,
                definition.lans().stream().map(lan -> lan(lan, endpoints)).toList(),
                status.trouble());
    }

    private Endpoint endpoint(LabItem item, LabEndpoint endpoint) {
        String name = item.portOf(endpoint);
        MachineState state = status.picture().machines().get(item.name());
        LanPort port = endpoint.place().map(place -> port(place.lan(), name)).orElse(null);
        return new Endpoint(
                name,
                item.name(),
                item.machine().word(),
                state == null ? ABSENT : state.name().toLowerCase(Locale.ROOT),
                endpoint.number(),
                endpoint.spied(),
                endpoint.mac(),
                endpoint.place().map(place -> new Place(place.lan(), place.tag(), place.trunks())),
                port == null ? 0 : port.ofport(),
                status.trouble().getOrDefault(name, status.trouble().getOrDefault(item.name(), "")));
    }

    private @Nullable LanPort port(String lan, String name) {
        LabPicture picture = status.picture();
        LanBridge bridge = picture.lans().get(LabNames.bridge(lan));
        return bridge == null ? null : bridge.ports().get(name);
    }

    private Lan lan(String name, List<Endpoint> endpoints) {
        List<Endpoint> on = endpoints.stream()
                .filter(endpoint -> endpoint.place()
                        .filter(place -> place.lan().equals(name))
                        .isPresent())
                .toList();
        String bridge = LabNames.bridge(name);
        return new Lan(name, bridge, status.picture().lans().containsKey(bridge), on.size(), (int)
                on.stream().filter(Endpoint::spied).count());
    }
}
