// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.config.json.Limit;
import org.opdbus.events.ContainerId.Kind;

/**
 * The content of a state file.
 *
 * @param version the version of the format, {@value #VERSION}
 * @param containers LXC's, Docker's and Podman's containers and then virtual machines, each in the order of the file; no two have the same id or the same {@code veth}
 */
public record DesiredState(long version, List<DesiredContainer> containers) {
    /** The only version of the format so far. */
    public static final long VERSION = 1;

    static final Limit<Long> VERSION_LIMIT =
            Limit.that(value -> value == VERSION, "must be " + VERSION + ", the only version of the format so far");

    public DesiredState {
        VERSION_LIMIT.check("version", version);
        containers = List.copyOf(containers);
        requireDistinct(
                "id",
                containers.stream().map(container -> container.id().value()).toList());
        requireDistinct(
                "veth",
                containers.stream()
                        .flatMap(container -> container.veth().stream())
                        .map(veth -> veth.value())
                        .toList());
    }

    /** Creates a state of these containers. */
    public static DesiredState of(List<DesiredContainer> containers) {
        return new DesiredState(VERSION, containers);
    }

    /** Returns what the state says of workloads of this kind. */
    public DesiredState only(Kind kind) {
        return new DesiredState(
                version,
                containers.stream()
                        .filter(container -> container.id().kind() == kind)
                        .toList());
    }

    /** Returns the state by the keys of its file. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", version);
        Map<String, Object> plugins = new LinkedHashMap<>();
        for (EntryForm form : EntryForm.all()) {
            List<Map<String, Object>> list = only(form.kind()).containers.stream()
                    .map(DesiredContainer::toMap)
                    .toList();
            if (!list.isEmpty() || !form.isAttachment()) {
                plugins.put(form.kind().word(), Map.of(form.list(), list));
            }
        }
        map.put("plugins", plugins);
        return Collections.unmodifiableMap(map);
    }

    private static void requireDistinct(String key, List<String> values) {
        if (values.stream().distinct().count() < values.size()) {
            throw new IllegalArgumentException("two containers have the same " + key);
        }
    }
}
