// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.impl.Headers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which entries a message of the stream holds, in a header, so that it can be found without being parsed. It is not signed
 * and decides nothing but what is read next: the message is.
 *
 * @param first the height of the first entry; 0 if the message tells nothing
 * @param last the height of the last one
 * @param hash of the last one
 */
record PageMark(long first, long last, String hash) {
    private static final String NAME = "Op-Dbus-Entries";
    private static final Pattern VALUE = Pattern.compile("([0-9]{1,18})-([0-9]{1,18}) ([0-9a-f]{64})");
    private static final PageMark NOTHING = new PageMark(0, 0, "");

    static PageMark of(@Nullable Headers headers) {
        List<String> values = headers == null ? null : headers.get(NAME);
        Matcher value = VALUE.matcher(values == null || values.isEmpty() ? "" : values.get(0));
        return value.matches()
                ? new PageMark(Long.parseLong(value.group(1)), Long.parseLong(value.group(2)), value.group(3))
                : NOTHING;
    }

    Headers headers() {
        return new Headers().put(NAME, first + "-" + last + " " + hash);
    }

    boolean holds(long height) {
        return first <= height && height <= last && first > 0;
    }
}
