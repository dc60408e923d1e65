// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.opdbus.config.state.NameLists;
import org.opdbus.verticles.state.ContainerChange.Change;

/** Compares the properties of one container. */
final class PropertyComparison {
    /** Set when a container is created; a container that another program created does not always show it. */
    private static final Set<String> FIXED = Set.of("template", "rootfs", "unprivileged");

    /** The token with which a container once joined is not visible; only the one of the last apply is known. */
    private static final Set<String> UNSEEN = Set.of("netmaker_token_env");

    /** A property of the enrolment and not of the configuration: a stopped container does not show it. */
    private static final Set<String> LIVE = Set.of("network_type", "vlan");

    private final Map<String, Object> desired;
    private final ContainerState observed;
    private final Map<String, Object> last;

    PropertyComparison(Map<String, Object> desired, ContainerState observed, Map<String, Object> last) {
        this.desired = desired;
        this.observed = observed;
        this.last = last;
    }

    /** Adds the changes. */
    void addTo(List<Change> changes) {
        desired.forEach((key, after) -> {
            Optional<Object> before = before(key);
            if (isKnown(key, before)
                    && !before.map(value -> same(key, value, after)).orElse(false)) {
                changes.add(new Change(
                        "properties." + key,
                        before,
                        Optional.of(after),
                        before.isPresent() ? "the state file wants another value" : "the state file wants it"));
            }
        });
        for (String key : last.keySet()) {
            boolean undone = !desired.containsKey(key) && !FIXED.contains(key) && !UNSEEN.contains(key);
            Object before = observed.properties().get(key);
            // A value that another program has set since then is not ours.
            if (undone && before != null && same(key, before, last.get(key))) {
                changes.add(new Change(
                        "properties." + key,
                        Optional.of(before),
                        Optional.empty(),
                        "the last applied state file set it, and this one does not"));
            }
        }
    }

    private Optional<Object> before(String key) {
        return Optional.ofNullable(
                UNSEEN.contains(key) ? last.get(key) : observed.properties().get(key));
    }

    private boolean isKnown(String key, Optional<Object> before) {
        if (before.isPresent()) {
            return true;
        }
        return !FIXED.contains(key) && !UNSEEN.contains(key) && (observed.running() || !LIVE.contains(key));
    }

    /** Returns whether two notations of a value mean the same. */
    private static boolean same(String key, Object one, Object other) {
        return meaning(key, one).equals(meaning(key, other));
    }

    private static Object meaning(String key, Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        return switch (key) {
            case "nameserver", "searchdomain" -> NameLists.split(value.toString());
            case "features" ->
                Arrays.stream(value.toString().split(",", -1))
                        .filter(feature -> !feature.endsWith("=0"))
                        .collect(Collectors.toCollection(TreeSet::new));
            default -> value;
        };
    }
}
