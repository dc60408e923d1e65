// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import static org.opdbus.verticles.http.capture.RefusedCapture.BAD_REQUEST;
import static org.opdbus.verticles.http.capture.RefusedCapture.NOT_FOUND;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.capture.CaptureOptions.Port;
import org.opdbus.verticles.capture.OwnConnections;
import org.opdbus.verticles.inventory.Inventory;

/** Finds the ports that a caller means. */
final class CaptureChoice {
    private static final int PORTS_MAX = 32;
    /** The rings are memory of the kernel that counts for the agent. */
    private static final int RING_BYTES = 16 << 20;

    private CaptureChoice() {}

    /**
     * Returns what to capture. Waits for the kernel.
     *
     * @param own the connections by which captures travel
     * @throws RefusedCapture if there is no such target, or it has too many ports
     */
    static CaptureOptions of(CaptureQuery query, Inventory inventory, OwnConnections own) {
        Optional<Path> namespace = namespace(query);
        List<ListedTarget> targets = CaptureTargets.of(inventory);
        Map<String, Port> known = new HashMap<>();
        targets.stream()
                .filter(target -> target.namespaceFile().equals(namespace))
                .flatMap(target -> target.ports().stream())
                .forEach(port -> known.putIfAbsent(port.name(), port));
        List<Port> ports = query.links().isEmpty()
                ? all(query, targets)
                : query.links().stream()
                        .map(link -> known.getOrDefault(link, new Port(link, "")))
                        .toList();
        if (ports.size() > PORTS_MAX) {
            throw new RefusedCapture(
                    BAD_REQUEST,
                    "these are " + ports.size() + " ports; a capture over HTTP has at most " + PORTS_MAX
                            + ": name some of them in nif");
        }
        return new CaptureOptions(
                ports,
                namespace,
                CaptureOptions.SNAPLEN_MAX,
                0,
                query.isPromiscuous(),
                query.filter(),
                own,
                RING_BYTES);
    }

    private static Optional<Path> namespace(CaptureQuery query) {
        if (!query.target().type().equals(LabTargets.LAB)) {
            return Optional.empty();
        }
        // A lab of many links is listed in parts, with the numbers of the links behind its name.
        Optional<Path> found = LabTargets.namespace(query.target().name().split(" ", -1)[0]);
        if (found.isEmpty()) {
            throw new RefusedCapture(NOT_FOUND, "there is no such lab; /mobyshark lists what there is");
        }
        return found;
    }

    private static List<Port> all(CaptureQuery query, List<ListedTarget> targets) {
        return targets.stream()
                .filter(target -> target.name().equals(query.target()))
                .findFirst()
                .map(ListedTarget::ports)
                .orElseThrow(() -> new RefusedCapture(
                        NOT_FOUND, "there is no such target, or it has no links; /mobyshark lists what there is"));
    }
}
