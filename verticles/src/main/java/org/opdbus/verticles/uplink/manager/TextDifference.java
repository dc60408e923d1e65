// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.List;

/** The difference of two texts by lines, for people: a removed line begins with a minus, an added one with a plus. */
final class TextDifference {
    private static final int SHOWN_LINES_MAX = 40;
    /** Longer middles are shown as replaced as a whole; the table of common lines has the square of this. */
    private static final int COMPARED_LINES_MAX = 500;

    private final List<String> former;
    private final List<String> current;
    private final List<String> lines = new ArrayList<>();

    private TextDifference(List<String> former, List<String> current) {
        this.former = former;
        this.current = current;
    }

    /** Returns the lines that differ, at most some dozens; each side's number leads where a part begins. */
    static List<String> of(String former, String current) {
        List<String> all = new TextDifference(lines(former), lines(current)).found();
        if (all.size() <= SHOWN_LINES_MAX) {
            return all;
        }
        List<String> shown = new ArrayList<>(all.subList(0, SHOWN_LINES_MAX));
        shown.add("and " + (all.size() - SHOWN_LINES_MAX) + " more lines");
        return shown;
    }

    private static List<String> lines(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of((text.endsWith("\n") ? text.substring(0, text.length() - 1) : text).split("\n", -1));
    }

    private List<String> found() {
        int begin = 0;
        int shorter = Math.min(former.size(), current.size());
        while (begin < shorter && former.get(begin).equals(current.get(begin))) {
            begin++;
        }
        int formerEnd = former.size();
        int currentEnd = current.size();
        while (formerEnd > begin
                && currentEnd > begin
                && former.get(formerEnd - 1).equals(current.get(currentEnd - 1))) {
            formerEnd--;
            currentEnd--;
        }
        middle(former.subList(begin, formerEnd), current.subList(begin, currentEnd), begin);
        if (lines.isEmpty()) {
            lines.add("the last line ends with a newline in one of them only");
        }
        return lines;
    }

    private void middle(List<String> removed, List<String> added, int offset) {
        if (removed.size() > COMPARED_LINES_MAX || added.size() > COMPARED_LINES_MAX) {
            lines.add("line " + (offset + 1) + ":");
            removed.forEach(line -> lines.add("- " + line));
            added.forEach(line -> lines.add("+ " + line));
            return;
        }
        int[][] common = common(removed, added);
        int i = 0;
        int j = 0;
        boolean isSame = true;
        while (i < removed.size() || j < added.size()) {
            if (i < removed.size() && j < added.size() && removed.get(i).equals(added.get(j))) {
                isSame = true;
                i++;
                j++;
                continue;
            }
            if (isSame) {
                lines.add("line " + (offset + j + 1) + ":");
                isSame = false;
            }
            if (j == added.size() || (i < removed.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + removed.get(i++));
            } else {
                lines.add("+ " + added.get(j++));
            }
        }
    }

    /** The lengths of the longest common subsequences of what follows line i of one and line j of the other. */
    private static int[][] common(List<String> removed, List<String> added) {
        int[][] common = new int[removed.size() + 1][added.size() + 1];
        for (int i = removed.size() - 1; i >= 0; i--) {
            for (int j = added.size() - 1; j >= 0; j--) {
                common[i][j] = removed.get(i).equals(added.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
