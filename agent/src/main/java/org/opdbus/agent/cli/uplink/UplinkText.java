// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Moves of uplinks in lines for people, from the agent's answers. */
final class UplinkText {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final String CONFIRM = "op-dbus uplink confirm";

    private UplinkText() {}

    /** Returns the lines of a plan, as the agent made them. */
    static List<String> plan(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        answer.path("text").forEach(line -> lines.add(line.asText()));
        return lines;
    }

    /** Returns what is to be done now, by when, and what happens otherwise. */
    static List<String> howToConfirm(JsonNode move, Duration within) {
        String onto = move.path("direction").asText().equals("back") ? " is off the bridge " : " is on the bridge ";
        return List.of(
                move.path("link").asText() + onto + move.path("bridge").asText()
                        + ". Now log in anew, over a new connection, " + "and run there:",
                "",
                "  " + CONFIRM,
                "",
                "Do that by " + clock(move.path("deadline").asText()) + " (" + within.toSeconds()
                        + " s after the beginning). "
                        + "If you do not, or cannot, the host takes the way back by itself.",
                "To take it back now: op-dbus uplink revert");
    }

    /** Returns how a move ended. */
    static String ended(JsonNode move) {
        String what = move.path("link").asText() + " and the bridge "
                + move.path("bridge").asText();
        String cause = move.path("cause").asText();
        String why = cause.isEmpty() ? "" : ": " + cause;
        return switch (move.path("state").asText()) {
            case "confirmed" -> "The move of " + what + " is confirmed" + why + ".";
            case "reverted" -> "The move of " + what + " was taken back" + why + ".";
            case "" -> "There is no record of the move's end; see op-dbus uplink status.";
            default -> "The move of " + what + " is " + move.path("state").asText() + why + ".";
        };
    }

    /** Returns what {@code uplink status} shows on a terminal. */
    static List<String> status(JsonNode status) {
        List<String> lines = new ArrayList<>();
        JsonNode move = status.path("move");
        if (move.isMissingNode()) {
            lines.add("No move waits for its confirmation.");
        } else {
            pending(move, lines);
        }
        JsonNode last = status.path("last");
        if (!last.isMissingNode()) {
            lines.add("Last: " + ended(last) + " (" + last.path("ended").asText() + ")");
            last.path("left").forEach(left -> lines.add("  left as it is: " + left.asText()));
        }
        return lines;
    }

    private static void pending(JsonNode move, List<String> lines) {
        String back = move.path("direction").asText().equals("back") ? " off the bridge " : " onto the bridge ";
        lines.add("Move " + move.path("id").asText() + " of "
                + move.path("link").asText() + back + move.path("bridge").asText() + ": "
                + move.path("state").asText());
        lines.add("  made by " + move.path("holder").asText() + ", process "
                + move.path("holderPid").asText() + (move.path("holderAlive").asBoolean() ? "" : ", which has ended"));
        lines.add(
                "  to be confirmed by " + clock(move.path("deadline").asText()) + " from a new connection: " + CONFIRM);
        lines.add("  the way back: " + move.at("/alarm/what").asText()
                + (move.at("/alarm/armed").asBoolean() ? "" : " (NOT ARMED: confirm or revert it yourself)"));
        for (String key : List.of("cause", "trouble")) {
            String text = move.path(key).asText();
            if (!text.isEmpty()) {
                lines.add("  " + key + ": " + text);
            }
        }
        move.path("steps")
                .forEach(step -> lines.add("  " + step.path("state").asText() + ": "
                        + step.path("step").asText()));
    }

    /** Returns a time in the host's time zone; as it is, if it is none. */
    private static String clock(String time) {
        try {
            return CLOCK.format(Instant.parse(time).atZone(ZoneId.systemDefault()));
        } catch (DateTimeParseException other) {
            return time;
        }
    }
}
