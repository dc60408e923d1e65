// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.events.Bridge;
import org.opdbus.verticles.ovsdb.OvsdbVisit;
import org.opdbus.verticles.ovsdb.Survey;
import org.opdbus.verticles.ovsdb.Survey.SeenPort;

/**
 * Unused ports: rows made for a kernel link that does not exist.
 *
 * <p>These ports never count: a port whose link exists under any name, a port that Open vSwitch makes itself
 * (internal, patch, tunnels), a bond, and any port of a bridge whose own link is not visible, because then
 * ovs-vswitchd works in another network namespace, and the links may be there too.
 */
public final class LeakedPorts {
    private LeakedPorts() {}

    /** Returns the unused ports of a survey, given all names of links. */
    public static List<SeenPort> in(Survey survey, Set<String> links) {
        Set<String> visible = survey.bridges().stream()
                .map(Bridge::name)
                .filter(links::contains)
                .collect(Collectors.toSet());
        return survey.ports().stream()
                .filter(port -> visible.contains(port.bridge()))
                .filter(port -> port.interfaces().size() == 1)
                .filter(port -> port.interfaces().get(0).isKernelLink())
                .filter(port -> !links.contains(port.interfaces().get(0).name()))
                .toList();
    }

    /**
     * Reads the database again, and removes those of these ports that are unchanged and still have no link.
     *
     * @return the removed ports; one transaction removes all of them or none
     * @throws org.opdbus.verticles.ovsdb.OvsdbException if the database is unreachable, or a port changed after that
     * read
     */
    public static List<SeenPort> remove(OvsdbVisit visit, List<SeenPort> shown) {
        List<SeenPort> now = in(visit.look(), HostSnapshot.Kernel.observe().names());
        List<SeenPort> still = shown.stream()
                .filter(port -> now.stream().anyMatch(port::isStill))
                .toList();
        if (!still.isEmpty()) {
            visit.remove(still);
        }
        return still;
    }
}
