// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an agent was told of its siblings, run by run, as its log at DEBUG shows it. */
final class SiblingTail {
    private static final Pattern LIVE = Pattern.compile("cluster\\.told Live\\[copy=Copy\\[host=(\\S+), epoch=(\\d+),"
            + " sequence=(\\d+), .* kind=(\\S+), subject=(\\S*), data=.*, kept=(\\w+), of=\\d+]]");
    private static final Pattern FILLED = Pattern.compile(
            "cluster\\.told Filled\\[entry=Entry\\[height=(\\d+), .* host=(\\S+), kind=(\\S+), subject=(\\S*), data=.*");

    private final AgentProcess agent;

    SiblingTail(AgentProcess agent) {
        this.agent = agent;
    }

    /**
     * One thing told.
     *
     * @param place {@code epoch/sequence} of a copy, or {@code /height} of an entry
     * @param kept whether it is in the sender's ledger, or is to be
     */
    record Line(String host, String place, String kind, String subject, boolean kept) {}

    /** What one run of the agent was told: 1 is the first. */
    List<Line> run(int number) {
        List<Line> lines = new ArrayList<>();
        agent.logText(number).lines().filter(line -> line.contains("cluster.told ")).forEach(line -> {
            Matcher live = LIVE.matcher(line);
            Matcher filled = FILLED.matcher(line);
            if (live.find()) {
                lines.add(new Line(
                        live.group(1),
                        live.group(2) + "/" + live.group(3),
                        live.group(4),
                        live.group(5),
                        Boolean.parseBoolean(live.group(6))));
            } else if (filled.find()) {
                lines.add(new Line(filled.group(2), "/" + filled.group(1), filled.group(3), filled.group(4), true));
            } else {
                throw new AssertionError("not understood: " + line);
            }
        });
        return lines;
    }

    /** What all runs were told, one after the other. */
    List<Line> all() {
        List<Line> lines = new ArrayList<>();
        for (int number = 1; number <= agent.runs(); number++) {
            lines.addAll(run(number));
        }
        return lines;
    }
}
