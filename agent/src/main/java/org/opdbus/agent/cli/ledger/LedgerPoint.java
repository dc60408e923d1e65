// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.agent.cli.command.ValueForm;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A place in a ledger, as the user gives it.
 *
 * @param height the entry's height; used if there is no time
 * @param time the time at which the entry was recorded
 */
public record LedgerPoint(long height, Optional<Instant> time) {
    public static final String TIME_FORMS =
            "a time (2025-01-31T12:00:00Z, UTC unless it says otherwise), a day (2025-01-31), or how long ago (90s, 15m,"
                    + " 2h, 3d)";

    private static final Pattern HEIGHT = Pattern.compile("[0-9]{1,16}");
    private static final Pattern AGO = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern OFFSET = Pattern.compile(".*(Z|[+-][0-9]{2}(:[0-9]{2})?)", Pattern.CASE_INSENSITIVE);

    /**
     * Returns the place that a text of this {@link Form} names.
     *
     * @throws IllegalArgumentException with what is wrong with any other text
     */
    public static LedgerPoint of(String text) {
        return parse(text, InstantSource.system());
    }

    static LedgerPoint parse(String text, InstantSource clock) {
        return HEIGHT.matcher(text).matches()
                ? new LedgerPoint(Long.parseLong(text), Optional.empty())
                : new LedgerPoint(0, Optional.of(parseTime(text, clock)));
    }

    static Instant parseTime(String text, InstantSource clock) {
        Matcher ago = AGO.matcher(text);
        try {
            if (ago.matches()) {
                return clock.instant().minus(duration(Long.parseLong(ago.group(1)), ago.group(2)));
            }
            if (DAY.matcher(text).matches()) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            String iso = text.replace(' ', 'T');
            return iso.indexOf('T') > 0
                            && OFFSET.matcher(iso.substring(iso.indexOf('T'))).matches()
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not " + TIME_FORMS, e);
        }
    }

    private static Duration duration(long amount, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** The form of options that take a height or a time. */
    public static final class Form implements ValueForm {
        @Override
        public void check(String text) {
            of(text);
        }
    }

    /** Converts the value of options that take a time. */
    static final class TimeConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            try {
                return parseTime(value, InstantSource.system());
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }
}
