// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a reader has received: the id of a message, which the reader sends as {@code Last-Event-ID} when it comes back.
 *
 * @param run the run of the agent; versions and numbers of another run mean nothing
 * @param version the version of the inventory that the reader has; {@link #NONE} if it has none
 * @param event the number of the last line that it has; {@link #NONE} if it wants no events
 */
record Position(String run, long version, long event) {
    static final long NONE = -1;

    private static final String NOTHING = "-";
    private static final Pattern ID = Pattern.compile("([0-9a-f]{1,32})\\.(-|[0-9]{1,18})\\.(-|[0-9]{1,18})");

    /** Returns the position with this id; empty if no agent gives such an id. */
    static Optional<Position> of(String id) {
        Matcher matcher = ID.matcher(id);
        return matcher.matches()
                ? Optional.of(new Position(matcher.group(1), number(matcher.group(2)), number(matcher.group(3))))
                : Optional.empty();
    }

    private static long number(String word) {
        return word.equals(NOTHING) ? NONE : Long.parseLong(word);
    }

    /** Returns the id. */
    @Override
    public String toString() {
        return run + '.' + word(version) + '.' + word(event);
    }

    private static String word(long number) {
        return number == NONE ? NOTHING : Long.toString(number);
    }
}
