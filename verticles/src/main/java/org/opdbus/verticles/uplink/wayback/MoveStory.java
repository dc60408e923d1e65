// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.uplink.wayback.MoveJournal.Line;

/** What a journal says; pure. */
record MoveStory(List<Line> lines) {
    static final String PLANNED = "planned";
    static final String HELD = "held";
    static final String ARMED = "armed";
    static final String BEGINS = "begins";
    static final String DONE = "done";
    static final String MOVED = "moved";
    static final String CONFIRMED = "confirmed";
    static final String REVERTING = "reverting";
    static final String UNDONE = "undone";
    static final String LEFT = "left";
    static final String UNFINISHED = "unfinished";
    static final String REVERTED = "reverted";

    MoveStory {
        lines = List.copyOf(lines);
    }

    /** Returns how far the move is. A confirmation counts before a way back: whichever is second does nothing. */
    MoveState state() {
        if (has(CONFIRMED)) {
            return MoveState.CONFIRMED;
        }
        if (has(REVERTED)) {
            return MoveState.REVERTED;
        }
        if (has(REVERTING)) {
            return trouble().isEmpty() ? MoveState.REVERTING : MoveState.STUCK;
        }
        if (has(MOVED)) {
            return MoveState.MOVED;
        }
        return has(BEGINS) ? MoveState.MOVING : MoveState.PLANNED;
    }

    /** Returns how far each of so many steps is. */
    List<StepState> steps(int count) {
        List<StepState> steps = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            String text = Integer.toString(number);
            StepState state = StepState.PLANNED;
            for (Line line : lines) {
                if (line.rest().equals(text)) {
                    state = after(line.word(), state);
                }
            }
            steps.add(state);
        }
        return steps;
    }

    private static StepState after(String word, StepState state) {
        return switch (word) {
            case BEGINS -> StepState.BEGUN;
            case DONE -> StepState.DONE;
            // The script undoes all steps, because it cannot know how far the last one came.
            case UNDONE -> state == StepState.PLANNED ? state : StepState.UNDONE;
            default -> state;
        };
    }

    /** Returns who confirmed it, or why the way back was begun. */
    String cause() {
        return last(CONFIRMED).or(() -> first(REVERTING)).map(Line::rest).orElse("");
    }

    /** Returns why the last attempt of the way back was not finished. */
    String trouble() {
        return has(REVERTED) ? "" : last(UNFINISHED).map(Line::rest).orElse("");
    }

    List<String> left() {
        return lines.stream()
                .filter(line -> line.word().equals(LEFT))
                .map(Line::rest)
                .toList();
    }

    String armed() {
        return last(ARMED).map(Line::rest).orElse("");
    }

    /** Returns the process that holds the move. */
    Optional<MoveHolder> holder() {
        return last(HELD).map(line -> line.rest().split(" ", 3)).flatMap(fields -> {
            boolean isWhole = fields.length == 3 && fields[0].matches("[0-9]{1,10}");
            return isWhole
                    ? Optional.of(new MoveHolder(fields[2], Long.parseLong(fields[0]), fields[1]))
                    : Optional.empty();
        });
    }

    Instant begun() {
        return first(PLANNED).map(Line::time).orElse(Instant.EPOCH);
    }

    /** Returns when all steps were done; empty if they are not. */
    Optional<Instant> moved() {
        return last(MOVED).map(Line::time);
    }

    Instant ended() {
        return last(CONFIRMED).or(() -> last(REVERTED)).map(Line::time).orElse(Instant.EPOCH);
    }

    private boolean has(String word) {
        return first(word).isPresent();
    }

    private Optional<Line> first(String word) {
        return lines.stream().filter(line -> line.word().equals(word)).findFirst();
    }

    private Optional<Line> last(String word) {
        return lines.stream().filter(line -> line.word().equals(word)).reduce((earlier, later) -> later);
    }
}
