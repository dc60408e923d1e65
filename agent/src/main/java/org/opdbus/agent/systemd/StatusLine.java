// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import java.util.Collection;
import java.util.Set;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;

/** Describes the host in one line, which {@code systemctl status} shows. */
final class StatusLine {
    private StatusLine() {}

    /**
     * Returns how many containers run, are enrolled and are refused, how many of our ports are live, and which
     * sources are silent.
     *
     * @param silent the sources that have not listed, or have been lost since
     */
    static String of(Collection<ContainerStatus> containers, Set<Source> silent) {
        long running = containers.stream().filter(ContainerStatus::running).count();
        long ports = containers.stream()
                .filter(container -> container.standing() == ContainerPhase.ENROLLED)
                .flatMap(container -> container.links().stream())
                .filter(link -> link.ofport() > 0)
                .count();
        String line = "Containers: " + running + " running, " + count(containers, ContainerPhase.ENROLLED)
                + " enrolled, " + count(containers, ContainerPhase.REFUSED) + " refused; ports: " + ports;
        return silent.isEmpty() ? line : line + "; not heard: " + String.join(", ", wordsOf(silent));
    }

    private static long count(Collection<ContainerStatus> containers, ContainerPhase standing) {
        return containers.stream()
                .filter(container -> container.standing() == standing)
                .count();
    }

    private static Iterable<String> wordsOf(Set<Source> sources) {
        return sources.stream().sorted().map(StatusLine::word).toList();
    }

    private static String word(Source source) {
        return switch (source) {
            case NETLINK -> "kernel";
            case OVSDB -> "Open vSwitch";
            case LXC -> "LXC";
        };
    }
}
