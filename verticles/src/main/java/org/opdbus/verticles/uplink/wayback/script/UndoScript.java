// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/**
 * Renders the script of the way back from a plan; pure. How a step is undone stands in the resource {@code undo.sh}; this class puts
 * the values and the steps of one move into it.
 */
public final class UndoScript {
    private static final String TEMPLATE = "undo.sh";

    /**
     * What a script must know beside its plan.
     *
     * @param planned when the plan was made: lifetimes of addresses count from then
     * @param mark the move whose mark a port or a bridge gets that the way back makes again
     * @param move the folder of the move
     * @param ended the folder that the move's becomes when it is over
     * @param lock the file that excludes the mover and the script from one another
     * @param socket the unix socket of ovsdb-server
     * @param runDir the folder of the sockets and process ids of Open vSwitch
     * @param database the file of ovsdb-server's database
     */
    public record Surroundings(
            Instant planned, String mark, Path move, Path ended, Path lock, Path socket, Path runDir, Path database) {
        private Map<String, String> values() {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("mark", mark);
            values.put("move", move.toString());
            values.put("ended", ended.toString());
            values.put("lock", lock.toString());
            values.put("planned", Long.toString(planned.getEpochSecond()));
            values.put("socket", socket.toString());
            values.put("rundir", runDir.toString());
            values.put("database", database.toString());
            return values;
        }
    }

    /** Returns all files that a plan writes. The copies of a file in the folder of the move have its place in this list as a name. */
    public static List<FileChange> files(UplinkPlan plan) {
        return plan.steps().stream()
                .filter(Step.WriteFiles.class::isInstance)
                .flatMap(step -> ((Step.WriteFiles) step).files().stream())
                .toList();
    }

    /** Returns the script. */
    public static String render(UplinkPlan plan, Surroundings surroundings) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("id", plan.id());
        values.put("link", plan.request().link());
        values.putAll(surroundings.values());
        List<String> lines = new ArrayList<>();
        lines.add(ShellText.comment("The move of " + plan.request().link()
                + (plan.request().direction() == Direction.ONTO ? " onto the bridge " : " off the bridge ")
                + plan.request().bridge() + ", planned at " + surroundings.planned() + "."));
        values.forEach((name, value) -> lines.add(name + "=" + ShellText.quote(value)));
        UndoSteps steps = new UndoSteps(plan);
        return fill(Map.of(
                "@VALUES@", String.join("\n", lines),
                "@STEPS@", steps.all(),
                "@FILES@", steps.files(),
                "@ANNOUNCE@", announce(plan)));
    }

    /** One pass over the template: a value that looks like a place is no place. */
    private static String fill(Map<String, String> places) {
        StringBuilder script = new StringBuilder();
        for (String line : template().split("\n", -1)) {
            script.append(places.getOrDefault(line.strip(), line));
            script.append('\n');
        }
        script.setLength(script.length() - 1);
        return script.toString();
    }

    private static String template() {
        try (InputStream in = UndoScript.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + TEMPLATE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String announce(UplinkPlan plan) {
        List<String> lines = new ArrayList<>();
        plan.steps().stream()
                .filter(Step.MoveNetwork.class::isInstance)
                .map(Step.MoveNetwork.class::cast)
                .forEach(move -> {
                    move.network().addresses().stream()
                            .filter(address -> address.family() == IpFamily.IPV4)
                            .map(ListedAddress::address)
                            .forEach(address -> lines.add("    tell "
                                    + ShellText.command(
                                            List.of("arping", "-q", "-A", "-c", "1", "-I", move.from(), address))));
                    move.network().routes().stream()
                            .filter(ListedRoute::isDefault)
                            .map(ListedRoute::nextHops)
                            .flatMap(List::stream)
                            .map(NextHop::gateway)
                            .flatMap(Optional::stream)
                            .distinct()
                            .forEach(gateway -> lines.add("    tell "
                                    + ShellText.command(
                                            List.of("ping", "-q", "-c", "1", "-W", "1", "-I", move.from(), gateway))));
                });
        return String.join("\n", lines);
    }
}
