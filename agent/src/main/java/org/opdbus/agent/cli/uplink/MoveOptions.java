// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What both directions of a move have in common. */
final class MoveOptions {
    @Parameters(arity = "1", paramLabel = "LINK", description = "The uplink: a network card, a bond, or a VLAN.")
    private String link = "";

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only show what would be done, and change nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Show the plan of --dry-run, or the state at the end, as JSON.")
    private boolean json;

    @Option(
            names = "--confirm-within",
            paramLabel = "TIME",
            defaultValue = "120s",
            converter = ConfirmWithin.class,
            description = "Take the way back if the move is not confirmed within this time, from 10s to 1h (default: "
                    + "${DEFAULT-VALUE}).")
    private Duration confirmWithin = Duration.ofMinutes(2);

    @Option(
            names = "--probe",
            paramLabel = "TARGET",
            description =
                    "Also take the way back if this does not answer: tcp:ADDRESS:PORT or icmp:ADDRESS. The gateways are "
                            + "asked in any case. Can be given several times.")
    private List<String> probes = new ArrayList<>();

    @Option(
            names = "--no-persist",
            description =
                    "Write nothing for the next boot. Only for a link that no program configures: after a restart it is "
                            + "still a port of the bridge, and the bridge has no addresses.")
    private boolean transientOnly;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    String link() {
        return link;
    }

    boolean dryRun() {
        return dryRun;
    }

    boolean json() {
        return json;
    }

    boolean yes() {
        return yes;
    }

    Duration confirmWithin() {
        return confirmWithin;
    }

    /**
     * Returns the request to an agent.
     *
     * @param direction {@code onto} or {@code back}
     * @param bridge empty for the bridge on which the link is
     */
    ObjectNode request(String direction, String bridge) {
        ObjectNode request = JsonNodeFactory.instance
                .objectNode()
                .put("direction", direction)
                .put("link", link)
                .put("bridge", bridge)
                .put("confirmS", confirmWithin.toSeconds())
                .put("persists", !transientOnly);
        probes.forEach(request.putArray("targets")::add);
        return request;
    }
}
