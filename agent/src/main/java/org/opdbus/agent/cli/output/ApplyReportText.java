// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** Prints the result of an apply for people. */
public final class ApplyReportText {
    private static final List<String> LISTS = List.of("created", "changed", "destroyed");

    private ApplyReportText() {}

    /**
     * Prints each failure with its remedy, and one summary line; prints nothing if nothing was
     * done. Returns the exit status.
     */
    public static int tell(JsonNode report, PrintWriter err) {
        JsonNode failed = report.path("failed");
        for (JsonNode one : failed) {
            String remedy = one.path("remedy").asText();
            err.println("op-dbus: container " + one.path("container").asText() + ": "
                    + one.path("step").asText() + ": " + one.path("message").asText()
                    + (remedy.isEmpty() ? "" : "; " + remedy));
        }
        boolean quiet = failed.isEmpty()
                && LISTS.stream().allMatch(list -> report.path(list).isEmpty());
        if (!quiet) {
            StringBuilder line = new StringBuilder();
            LISTS.forEach(list -> line.append(report.path(list).size())
                    .append(' ')
                    .append(list)
                    .append(", "));
            err.println(line + report.path("unchanged").asText() + " unchanged, " + failed.size() + " failed");
        }
        err.flush();
        return failed.isEmpty() ? ExitStatus.DONE : ExitStatus.NO;
    }
}
