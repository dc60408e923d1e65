// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import static org.opdbus.verticles.lab.definition.LabChecks.shown;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;

/**
 * Delay, loss and rate of a line as people write them: {@code 20ms}, {@code 1.5%}, {@code 10mbit}. A number without a unit is in
 * milliseconds, in frames of 10,000, or in kbit/s.
 */
public final class LineUnits {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,9})(?:\\.([0-9]{1,3}))?([a-z%]{0,4})");
    private static final int PER_10000_OF_PERCENT = 100;
    private static final long MEGA = 1_000;
    private static final long GIGA = 1_000_000;

    private LineUnits() {}

    /** Returns a delay in milliseconds. */
    public static int delayMs(String text) {
        return (int) number(text, "delay", "delay=20ms or delay=0.5s", List.of("", "1", "ms", "1", "s", "1000"));
    }

    /** Returns a loss in frames of 10,000. */
    public static int lossPer10000(String text) {
        List<String> units = List.of("", "1", "%", Integer.toString(PER_10000_OF_PERCENT));
        return (int) number(text, "loss", "loss=1% or loss=0.05%", units);
    }

    /** Returns a rate in kbit/s. */
    public static long rateKbit(String text) {
        List<String> units = List.of("", "1", "kbit", "1", "mbit", Long.toString(MEGA), "gbit", Long.toString(GIGA));
        return number(text, "rate", "rate=500kbit, rate=10mbit or rate=1gbit", units);
    }

    private static long number(String text, String what, String forms, List<String> units) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.toLowerCase(Locale.ROOT));
        int unit = matcher.matches() ? units.indexOf(matcher.group(3)) : -1;
        if (unit < 0 || unit % 2 != 0) {
            throw new LabRefusal(shown(text) + " is no " + what + " of a line", "write " + forms);
        }
        String fraction = matcher.group(2) == null ? "0" : matcher.group(2);
        BigDecimal value =
                new BigDecimal(matcher.group(1) + "." + fraction).multiply(new BigDecimal(units.get(unit + 1)));
        if (value.stripTrailingZeros().scale() > 0) {
            throw new LabRefusal(shown(text) + " is finer than a line can have", "write " + forms);
        }
        // What is larger than any limit stays so, and does not become another number.
        return value.min(BigDecimal.valueOf(Integer.MAX_VALUE)).longValueExact();
    }

    /** Returns the words that give a line these settings. */
    public static List<String> words(A2b line) {
        return List.of(
                "delay=" + (line.delayMs() == 0 ? "0" : line.delayMs() + "ms"),
                "loss=" + loss(line.lossPer10000()),
                "rate=" + rate(line.rateKbit()));
    }

    private static String loss(int per10000) {
        return per10000 == 0
                ? "0"
                : BigDecimal.valueOf(per10000, 2).stripTrailingZeros().toPlainString() + "%";
    }

    private static String rate(long kbit) {
        if (kbit == 0) {
            return "0";
        }
        if (kbit % GIGA == 0) {
            return kbit / GIGA + "gbit";
        }
        return kbit % MEGA == 0 ? kbit / MEGA + "mbit" : kbit + "kbit";
    }
}
