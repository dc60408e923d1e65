// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import java.util.HashMap;
import java.util.Map;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;

/**
 * The names of containers of Docker and Podman and of virtual machines, whose events have their ids: a caller who filters by a
 * name gets them, too. Holds no more than the sources hold. For one thread.
 */
final class WorkloadNames {
    private final Map<ContainerId, String> names = new HashMap<>();

    /** Takes note of a fact. */
    void hear(Event event) {
        if (event instanceof ContainerRemoved removed) {
            names.remove(removed.container().id());
        } else if (event instanceof ContainerEvent known
                && !known.container().name().equals(known.subject())) {
            names.put(known.container().id(), known.container().name());
        }
    }

    /** Returns the filter with the ids of those that it names. */
    EventFilter in(EventFilter filter) {
        EventFilter found = filter;
        if (!filter.subjects().isEmpty()) {
            for (Map.Entry<ContainerId, String> known : names.entrySet()) {
                found = found.knowing(known.getKey().value(), known.getValue());
            }
        }
        return found;
    }
}
