// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import java.util.List;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerTally;
import org.opdbus.verticles.inventory.HostFacts.Heard;
import org.opdbus.verticles.inventory.Inventory;

/** Describes the host in one line, which {@code systemctl status} shows. */
final class StatusLine {
    private StatusLine() {}

    /** Returns how many containers run, are enrolled and are refused, how many ports are live, and which sources are silent. */
    static String of(Inventory now) {
        ContainerTally tally = now.tally();
        String line = "Containers: " + tally.running() + " running, " + tally.count(ContainerPhase.ENROLLED)
                + " enrolled, " + tally.count(ContainerPhase.REFUSED) + " refused; ports: " + tally.livePorts();
        List<String> silent = now.host().sources().entrySet().stream()
                .filter(source -> source.getValue().heard() != Heard.LISTED)
                .map(source -> word(source.getKey()))
                .toList();
        return silent.isEmpty() ? line : line + "; not heard: " + String.join(", ", silent);
    }

    private static String word(Source source) {
        return switch (source) {
            case NETLINK -> "kernel";
            case OVSDB -> "Open vSwitch";
            case LXC -> "LXC";
            case DOCKER -> "Docker";
            case PODMAN -> "Podman";
            case VM -> "virtual machines";
        };
    }
}
