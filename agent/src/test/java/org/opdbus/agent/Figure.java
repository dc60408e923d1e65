// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Our operation, measured in turn with an alternative. A disturbance of the machine affects both, so each pair has a
 * ratio of its own, and the median of the ratios counts.
 */
final class Figure {
    private final String name;
    private final String unit;
    private final String beside;
    private final String goal;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> theirs = new ArrayList<>();

    Figure(String name, String unit, String beside, String goal) {
        this.name = name;
        this.unit = unit;
        this.beside = beside;
        this.goal = goal;
    }

    /** Adds a pair, and prints it, so that an interrupted run has shown something. */
    void add(double oursNow, double theirsNow) {
        System.out.printf(Locale.ROOT, "    %,.1f %s beside %,.1f %s%n", oursNow, unit, theirsNow, unit);
        ours.add(oursNow);
        theirs.add(theirsNow);
    }

    String what() {
        return name;
    }

    String beside() {
        return beside;
    }

    String name() {
        return name + ", beside " + beside;
    }

    private List<Double> ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return ratios;
    }

    double ratio() {
        return quantile(ratios(), 0.5);
    }

    double leastRatio() {
        return quantile(ratios(), 0);
    }

    double greatestRatio() {
        return quantile(ratios(), 1);
    }

    /** Returns the median of any values. */
    static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    private double median() {
        return quantile(ours, 0.5);
    }

    private double besideMedian() {
        return quantile(theirs, 0.5);
    }

    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double at = share * (sorted.size() - 1);
        int low = (int) Math.floor(at);
        int high = (int) Math.ceil(at);
        return sorted.get(low) + (at - low) * (sorted.get(high) - sorted.get(low));
    }

    static final String HEADER = """
            | figure | op-dbus: median (p90) | beside it | its median (p90) | ratio: median (least to greatest) | goal |
            |---|---|---|---|---|---|""";

    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %,.1f %s (%,.1f) | %s | %,.1f %s (%,.1f) | %.2f (%.2f to %.2f) | %s |",
                name,
                median(),
                unit,
                quantile(ours, 0.9),
                beside,
                besideMedian(),
                unit,
                quantile(theirs, 0.9),
                ratio(),
                leastRatio(),
                greatestRatio(),
                goal);
    }

    Map<String, Object> json() {
        return Map.of(
                "figure", name, "unit", unit, "beside", beside, "goal", goal, "ours", ours, "theirs", theirs, "ratio",
                ratio());
    }
}
