// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures two things in turn. A disturbance of the machine affects both, so each pair has a ratio of its own. */
public final class Rounds {
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> bare = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();

    public void add(double oursNow, double bareNow) {
        ours.add(oursNow);
        bare.add(bareNow);
        ratios.add(oursNow / bareNow);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** Both medians and the ratio's, as columns of a table. */
    public String inWords(String unit) {
        return String.format(
                Locale.ROOT,
                "%,.0f %s | %,.0f %s | %.2f (%.2f to %.2f)",
                median(ours),
                unit,
                median(bare),
                unit,
                median(ratios),
                ratios.stream().min(Double::compare).orElseThrow(),
                ratios.stream().max(Double::compare).orElseThrow());
    }
}
