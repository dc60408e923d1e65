// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * Moves dhclient(8) from one link to another: it ends without a word to the server, its leases are copied, and another one asks on
 * the other link for the address that it had. Pure.
 *
 * @param before what must be done before the addresses move
 * @param after what must be done after that
 * @param processes the clients that it moves
 */
record Dhclient(List<Step> before, List<Step> after, Set<Long> processes) {
    private static final String PROGRAM = "dhclient";

    /** SIGKILL, because dhclient -r releases the address, and dhclient -x runs a script that may remove it. */
    private static final String STOP = "for p in $(cat \"$1\" 2>/dev/null); do "
            + "if [ \"$(cat \"/proc/$p/comm\" 2>/dev/null)\" = dhclient ]; then kill -KILL \"$p\"; fi; done; rm -f \"$1\"";

    /** Does nothing if it runs already. A lease names its link, and counts for no other. */
    private static final String START =
            "if [ \"$(cat \"/proc/$(cat \"$5\" 2>/dev/null)/comm\" 2>/dev/null)\" = dhclient ]; then "
                    + "exit 0; fi; if [ -e \"$1\" ] && [ \"$1\" != \"$2\" ]; then "
                    + "sed \"s/interface \\\"$3\\\";/interface \\\"$4\\\";/\" \"$1\" >\"$2\" || exit; fi; shift 5; exec \"$@\"";

    Dhclient {
        before = List.copyOf(before);
        after = List.copyOf(after);
        processes = Set.copyOf(processes);
    }

    /** Returns the steps; what cannot move is added to the reasons. */
    static Dhclient of(UplinkPicture picture, String from, String to, List<Reason> reasons) {
        List<Step> before = new ArrayList<>();
        List<Step> after = new ArrayList<>();
        Set<Long> processes = new LinkedHashSet<>();
        for (DhcpClient client : picture.clients().getOrDefault(from, List.of())) {
            Optional<Reason> reason = refusal(client, from);
            if (reason.isPresent()) {
                reasons.add(reason.get());
                continue;
            }
            List<String> moved = client.arguments().stream()
                    .map(argument -> argument.equals(from) ? to : withName(argument, from, to))
                    .toList();
            List<String> start = start(client.arguments(), moved, from, to);
            List<String> startAgain = start(moved, client.arguments(), to, from);
            processes.add(client.pid());
            before.add(new Step.RunProgram("stop the DHCP client of " + from, stop(client.arguments()), startAgain));
            after.add(new Step.RunProgram("start the DHCP client on " + to, start, stop(moved)));
        }
        return new Dhclient(before, after, processes);
    }

    private static Optional<Reason> refusal(DhcpClient client, String link) {
        if (!client.program().equals(PROGRAM)) {
            return Optional.of(new Reason(
                    client.program() + " (process " + client.pid() + ") keeps the address of " + link
                            + ", and op-dbus does not know how to move it",
                    "use dhclient, or systemd-networkd's own client, first"));
        }
        List<String> arguments = client.arguments();
        boolean isAlone = !arguments.isEmpty()
                && arguments.get(arguments.size() - 1).equals(link)
                && value(arguments, "-lf")
                        .filter(file -> LinkWord.in(file, link))
                        .isPresent()
                && value(arguments, "-pf")
                        .filter(file -> LinkWord.in(file, link))
                        .isPresent();
        return isAlone
                ? Optional.empty()
                : Optional.of(new Reason(
                        "dhclient (process " + client.pid() + ") was not started for " + link
                                + " alone with files of its own (-pf, -lf)",
                        "start it by ifup, or by: dhclient -pf /run/dhclient." + link
                                + ".pid -lf /var/lib/dhcp/dhclient." + link + ".leases " + link));
    }

    private static Optional<String> value(List<String> arguments, String option) {
        int at = arguments.indexOf(option);
        return at >= 0 && at + 1 < arguments.size() ? Optional.of(arguments.get(at + 1)) : Optional.empty();
    }

    private static String withName(String argument, String from, String to) {
        return argument.startsWith("/") ? argument.replace("." + from + ".", "." + to + ".") : argument;
    }

    private static List<String> stop(List<String> arguments) {
        return List.of("/bin/sh", "-c", STOP, "sh", value(arguments, "-pf").orElseThrow());
    }

    private static List<String> start(List<String> former, List<String> arguments, String from, String to) {
        List<String> all = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                START,
                "sh",
                value(former, "-lf").orElseThrow(),
                value(arguments, "-lf").orElseThrow(),
                from,
                to,
                value(arguments, "-pf").orElseThrow(),
                "/sbin/" + PROGRAM));
        // It has the address; there is nothing to wait for.
        if (!arguments.contains("-nw")) {
            all.add("-nw");
        }
        all.addAll(arguments);
        return all;
    }
}
