// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.plan.LabPicture.LabLink;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.LabPicture.LanMirror;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;

/**
 * The changes of Open vSwitch's rows that bring them to the definition. Rows whose names are not of the lab's form are left alone, and
 * so is a bridge that has such a port. A port that is to be made anew is removed in one round and made in the next one: ovs-vswitchd
 * would take a port that goes and comes in one transaction for the same one.
 */
final class SwitchPlan {
    private static final Pattern PORT = Pattern.compile("s?_k_[0-9]{1,3}_[0-9]{1,2}");
    private static final Pattern MIRROR = Pattern.compile("mir_k_[0-9]{1,3}_[0-9]{1,2}");
    private static final String BRIDGE = LabNames.bridge("");

    private final LabPicture picture;
    /** The places of the endpoints by the name of their port; only of those whose machine and link are there. */
    private final Map<String, Wanted> ports = new TreeMap<>();

    private final Set<String> bridges = new TreeSet<>();
    /** Ports that are somewhere at the moment. */
    private final Set<String> present = new HashSet<>();

    private final List<SwitchChange> changes = new ArrayList<>();

    private record Wanted(String bridge, LabEndpoint.Place place, boolean spied) {}

    SwitchPlan(LabDefinition definition, LabPicture picture) {
        this.picture = picture;
        definition.items().values().forEach(item -> item.endpoints().forEach(endpoint -> want(item, endpoint)));
        picture.lans().values().forEach(bridge -> present.addAll(bridge.ports().keySet()));
    }

    private void want(LabItem item, LabEndpoint endpoint) {
        String port = item.portOf(endpoint);
        LabLink link = picture.links().get(port);
        endpoint.place().ifPresent(place -> {
            String bridge = LabNames.bridge(place.lan());
            bridges.add(bridge);
            // A machine that is to be started gets new links. Open vSwitch in user space would go on with the former
            // ones.
            if (link != null && picture.machines().containsKey(item.name())) {
                ports.put(port, new Wanted(bridge, place, endpoint.spied()));
            }
        });
    }

    List<SwitchChange> changes() {
        new TreeMap<>(picture.lans()).values().forEach(this::clear);
        bridges.stream()
                .filter(name -> !picture.lans().containsKey(name))
                .forEach(name -> changes.add(new SwitchChange.AddBridge(name)));
        ports.forEach(this::complete);
        return changes;
    }

    /** Removes what is not wanted. */
    private void clear(LanBridge bridge) {
        if (!bridge.name().startsWith(BRIDGE)) {
            return;
        }
        boolean ours = bridge.ports().keySet().stream()
                        .allMatch(port ->
                                port.equals(bridge.name()) || PORT.matcher(port).matches())
                && bridge.mirrors().keySet().stream()
                        .allMatch(mirror -> MIRROR.matcher(mirror).matches());
        if (ours && !bridges.contains(bridge.name())) {
            changes.add(new SwitchChange.RemoveBridge(bridge.name()));
            return;
        }
        new TreeMap<>(bridge.mirrors())
                .values().stream()
                        .filter(mirror -> MIRROR.matcher(mirror.name()).matches() && !isRight(bridge, mirror))
                        .forEach(mirror -> changes.add(new SwitchChange.RemoveMirror(bridge.name(), mirror.name())));
        new TreeMap<>(bridge.ports())
                .values().stream()
                        .filter(port -> PORT.matcher(port.name()).matches() && !isKept(bridge, port))
                        .forEach(port -> changes.add(new SwitchChange.RemovePort(bridge.name(), port.name())));
    }

    private boolean isKept(LanBridge bridge, LanPort port) {
        boolean spy = port.name().startsWith(LabNames.spy(""));
        String endpoint = spy ? port.name().substring(1) : port.name();
        Wanted wanted = ports.get(endpoint);
        return wanted != null
                && wanted.bridge().equals(bridge.name())
                && port.ofport() >= 0
                && (spy ? wanted.spied() : hasTrunks(port, wanted.place()));
    }

    /**
     * Open vSwitch 3.1 was seen to go on carrying a VLAN that was taken out of the trunks of a port, so a port with other trunks is made
     * anew.
     */
    private static boolean hasTrunks(LanPort port, LabEndpoint.Place place) {
        return Set.copyOf(port.trunks()).equals(Set.copyOf(place.trunks()));
    }

    private boolean isRight(LanBridge bridge, LanMirror mirror) {
        LanPort port = bridge.ports().get(mirror.selected());
        LanPort output = bridge.ports().get(mirror.output());
        return port != null
                && output != null
                && isKept(bridge, port)
                && isKept(bridge, output)
                && mirror.name().equals(LabNames.mirror(port.name()))
                && output.name().equals(LabNames.spy(port.name()));
    }

    /** Adds what is missing of an endpoint. */
    private void complete(String name, Wanted wanted) {
        LanBridge bridge = picture.lans().get(wanted.bridge());
        LabEndpoint.Place place = wanted.place();
        LanPort port = keptPort(bridge, name);
        if (port == null) {
            if (present.contains(name)) {
                return;
            }
            changes.add(new SwitchChange.AddPort(wanted.bridge(), name, place.tag(), place.trunks(), false));
        } else if (port.tag() != place.tag()) {
            changes.add(new SwitchChange.TagPort(wanted.bridge(), name, place.tag(), place.trunks()));
        }
        if (wanted.spied()) {
            completeSpy(bridge, name, wanted.bridge());
        }
    }

    private void completeSpy(@Nullable LanBridge bridge, String name, String bridgeName) {
        String spy = LabNames.spy(name);
        if (keptPort(bridge, spy) == null) {
            if (present.contains(spy)) {
                return;
            }
            changes.add(new SwitchChange.AddPort(bridgeName, spy, 0, List.of(), true));
        }
        LanMirror mirror = bridge == null ? null : bridge.mirrors().get(LabNames.mirror(name));
        if (mirror == null || !isRight(Objects.requireNonNull(bridge), mirror)) {
            changes.add(new SwitchChange.AddMirror(bridgeName, LabNames.mirror(name), name, spy));
        }
    }

    private @Nullable LanPort keptPort(@Nullable LanBridge bridge, String name) {
        LanPort port = bridge == null ? null : bridge.ports().get(name);
        return port != null && isKept(Objects.requireNonNull(bridge), port) ? port : null;
    }
}
