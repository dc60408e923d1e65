// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.text;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;

/** The single form of an entry's time: RFC 3339, UTC, six digits of fraction. */
public final class EntryTime {
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, true)
            .appendLiteral('Z')
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT)
            .withZone(ZoneOffset.UTC);
    private static final String SHAPE = "0000-00-00T00:00:00.000000Z";

    /** The part of a time that stays the same throughout a second. */
    static final int SECOND_LENGTH = "2025-01-01T00:00:00.".length();

    private EntryTime() {}

    /** Returns the present time, to the precision of an entry. */
    public static Instant truncate(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond(), time.getNano() / 1000 * 1000L);
    }

    public static String write(Instant time) {
        return FORMAT.format(time);
    }

    /** Writes many times that are close together; within a second only the fraction changes. */
    public static final class Writer {
        private final byte[] text = SHAPE.getBytes(StandardCharsets.US_ASCII);
        private long second = Long.MIN_VALUE;

        /** Returns the bytes of a time; valid until the next is written. */
        public byte[] write(Instant time) {
            if (time.getEpochSecond() != second) {
                second = time.getEpochSecond();
                byte[] start = FORMAT.format(time).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(start, 0, text, 0, SECOND_LENGTH);
            }
            int micros = time.getNano() / 1000;
            for (int at = SECOND_LENGTH + 5; at >= SECOND_LENGTH; at--) {
                text[at] = (byte) ('0' + micros % 10);
                micros /= 10;
            }
            return text;
        }
    }

    public static Instant read(byte[] bytes, int from) {
        return FORMAT.parse(new String(bytes, from, LineScanner.TIME_LENGTH, StandardCharsets.US_ASCII), Instant::from);
    }

    /** Returns whether the bytes are a time in this form, given that the part before the fraction is. */
    static boolean endsValid(byte[] bytes, int from) {
        return hasShape(bytes, from, SECOND_LENGTH);
    }

    private static boolean hasShape(byte[] bytes, int from, int start) {
        for (int i = start; i < SHAPE.length(); i++) {
            byte b = bytes[from + i];
            char shape = SHAPE.charAt(i);
            if (shape == '0' ? b < '0' || b > '9' : b != shape) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the bytes are a time in this form, on a day that exists. */
    static boolean isValid(byte[] bytes, int from) {
        if (!hasShape(bytes, from, 0)) {
            return false;
        }
        int year = digits(bytes, from, 4);
        int month = digits(bytes, from + 5, 2);
        int day = digits(bytes, from + 8, 2);
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= daysIn(year, month)
                && digits(bytes, from + 11, 2) <= 23
                && digits(bytes, from + 14, 2) <= 59
                && digits(bytes, from + 17, 2) <= 59;
    }

    private static int daysIn(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 ? leap ? 29 : 28 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    private static int digits(byte[] bytes, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }
}
