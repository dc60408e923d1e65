// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Modify;
import org.opdbus.verticles.state.ContainerChange.NoOp;

/**
 * Compares an entry that only attaches a workload with the workload. What a running workload does not show, and all of one that
 * does not run, is compared with the entry that was applied last: the agent follows that entry when the workload starts.
 */
final class AttachmentComparison {
    private static final String PROPERTY = "properties.";
    private static final String BRIDGED = "bridge";
    private static final String VLAN = PROPERTY + "vlan";
    private static final String NETWORK_TYPE = PROPERTY + "network_type";
    /** What a running workload shows. */
    private static final Set<String> SHOWN = Set.of("bridge", "veth", VLAN, NETWORK_TYPE);

    private final ContainerState desired;
    private final Optional<ContainerState> observed;
    private final Map<String, Object> wanted;
    private final Map<String, Object> last;

    /**
     * Creates the comparison.
     *
     * @param last the entry that was applied last, with its default bridge filled in
     */
    AttachmentComparison(ContainerState desired, Optional<ContainerState> observed, Optional<DesiredContainer> last) {
        this.desired = desired;
        this.observed = observed;
        wanted = settings(desired.veth(), desired.bridge(), desired.inside(), desired.properties());
        this.last = last.map(entry -> settings(
                        entry.veth().map(name -> name.value()),
                        entry.bridge(),
                        StateDefaults.inside(entry),
                        entry.properties().toMap()))
                .orElse(Map.of());
    }

    private static Map<String, Object> settings(
            Optional<String> veth,
            Optional<String> bridge,
            Map<String, Object> inside,
            Map<String, Object> properties) {
        Map<String, Object> settings = new TreeMap<>(inside);
        veth.ifPresent(name -> settings.put("veth", name));
        bridge.ifPresent(name -> settings.put("bridge", name));
        properties.forEach((key, value) -> settings.put(PROPERTY + key, value));
        // Every attachment is to a bridge, so only the mesh over it makes a difference.
        settings.remove(NETWORK_TYPE, BRIDGED);
        return settings;
    }

    /** Returns the change, which is none if the workload is as the entry says or will be when it starts. */
    ContainerChange change() {
        Set<String> keys = new TreeSet<>(wanted.keySet());
        keys.addAll(last.keySet());
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            Optional<Object> after = Optional.ofNullable(wanted.get(key));
            Optional<Object> before = runs() && SHOWN.contains(key) ? shown(key) : Optional.ofNullable(last.get(key));
            if (!before.equals(after) && isOurs(key, before, after)) {
                changes.add(new Change(key, before, after, why(before, after)));
            }
        }
        changes.sort(Comparator.comparing(Change::key));
        return changes.isEmpty() ? new NoOp(desired.id()) : new Modify(desired.id(), changes);
    }

    private boolean runs() {
        return observed.filter(ContainerState::running).isPresent();
    }

    /** Returns what the running workload shows; what it cannot show while the switch is away is taken to be as it is wanted. */
    private Optional<Object> shown(String key) {
        ContainerState there = observed.orElseThrow();
        Optional<Object> known = switch (key) {
            case "bridge" -> there.bridge().map(Object.class::cast);
            case "veth" -> there.veth().map(Object.class::cast);
            case NETWORK_TYPE ->
                Optional.ofNullable(there.properties().get("network_type")).filter(type -> !type.equals(BRIDGED));
            default -> Optional.ofNullable(there.properties().get("vlan"));
        };
        return known.isEmpty() && there.bridge().isEmpty() ? Optional.ofNullable(wanted.get(key)) : known;
    }

    /** A value that the entry no longer sets is undone only if it is the one that the last entry set. */
    private boolean isOurs(String key, Optional<Object> before, Optional<Object> after) {
        return after.isPresent() || (!key.equals("veth") && before.equals(Optional.ofNullable(last.get(key))));
    }

    private String why(Optional<Object> before, Optional<Object> after) {
        if (observed.isEmpty()) {
            return "there is none of this name; this applies when one starts";
        }
        if (!runs()) {
            return "it does not run; this applies when it starts";
        }
        if (after.isEmpty()) {
            return "the last applied state file set it, and this one does not";
        }
        return before.isPresent() ? "the state file wants another value" : "the state file wants it";
    }
}
