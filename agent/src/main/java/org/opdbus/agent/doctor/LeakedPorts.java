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
 * Ports that nobody uses: rows that were made for a link of the kernel which is not there.
 *
 * <p>Never one of them: a port whose link exists under any name, one that Open vSwitch makes itself (internal, patch,
 * tunnels), a bond, and any port of a bridge whose own link is not to be seen, because then ovs-vswitchd works in another
 * network namespace and so may the links.
 */
public final class LeakedPorts {
    private LeakedPorts() {}

    /** Those of a survey, given every name that a link answers to. */
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
     * Looks again, and removes those of these ports that are still as they were and still have no link.
     *
     * @return what was removed, in one transaction or not at all
     * @throws org.opdbus.verticles.ovsdb.OvsdbException if the database cannot be asked, or a port changed after the look
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
