// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parameters of a query, each of which the resource knows and which is given once.
 *
 * <p>Every method that reads a value throws {@link ProblemException} if the value is not what it must be.
 */
final class Parameters {
    private static final int LENGTH_MAX = 256;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}");
    private static final Pattern AGO = Pattern.compile("([0-9]{1,9})([smhd])");
    /** The years of RFC 3339. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Checks the names of parameters.
     *
     * @param given the decoded names and values, in their order
     * @param known the names that the resource knows
     * @throws ProblemException if a name is not known or comes twice, or a value is too long
     */
    static Parameters of(Iterable<Map.Entry<String, String>> given, Collection<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : given) {
            String name = each.getKey();
            if (!known.contains(name)) {
                throw wrong(
                        "there is no parameter \"" + shortened(name) + "\" here",
                        known.isEmpty() ? "this resource has no parameters" : "it has " + String.join(", ", known));
            }
            if (each.getValue().length() > LENGTH_MAX) {
                throw wrong(name + " has over " + LENGTH_MAX + " characters", "give a shorter value");
            }
            if (values.put(name, each.getValue()) != null) {
                throw wrong(name + " is given twice", "give it once");
            }
        }
        return new Parameters(values);
    }

    private static String shortened(String name) {
        return name.length() > LENGTH_MAX ? name.substring(0, LENGTH_MAX) + "…" : name;
    }

    private static ProblemException wrong(String detail, String remedy) {
        return new ProblemException(ApiProblem.badRequest(detail, remedy));
    }

    /** Returns a value. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Returns a whole number within a range. */
    OptionalLong number(String name, long min, long max) {
        String text = values.get(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        if (NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return OptionalLong.of(number);
            }
        }
        throw wrong(name + " is \"" + text + "\"", "give a whole number from " + min + " to " + max);
    }

    /** Returns a time: of RFC 3339, or how long ago. */
    Optional<Instant> time(String name, InstantSource clock) {
        return text(name).map(text -> time(name, text, clock));
    }

    private static Instant time(String name, String text, InstantSource clock) {
        try {
            Instant time = parsed(text, clock);
            if (!time.isBefore(FIRST) && time.isBefore(LAST)) {
                return time;
            }
        } catch (DateTimeException notATime) {
            throw noTime(name, text);
        }
        throw noTime(name, text);
    }

    private static Instant parsed(String text, InstantSource clock) {
        Matcher ago = AGO.matcher(text);
        if (!ago.matches()) {
            return OffsetDateTime.parse(text).toInstant();
        }
        Duration unit = UNITS.getOrDefault(ago.group(2), Duration.ZERO);
        return clock.instant().minus(unit.multipliedBy(Long.parseLong(ago.group(1))));
    }

    private static ProblemException noTime(String name, String text) {
        return wrong(
                name + " is \"" + text + "\"",
                "give a time such as 2025-01-31T12:00:00Z, or how long ago: 90s, 15m, 2h, 3d");
    }

    /** Returns whether a time is given that depends on when it is asked. */
    boolean isRelative(String name) {
        return text(name).filter(text -> AGO.matcher(text).matches()).isPresent();
    }

    /** Returns a query with all parameters, in which this one has this value, and the other one is left out. */
    String with(String name, long value, String without) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.remove(without);
        changed.put(name, Long.toString(value));
        return changed.entrySet().stream()
                .map(each -> each.getKey() + '=' + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
    }
}
