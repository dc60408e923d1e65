// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.show;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.opdbus.verticles.uplink.plan.FileChange;

/** What changes in a file, line by line: {@code -} goes, {@code +} comes, and two lines around each change stay. */
final class FileDifference {
    private static final int AROUND = 2;
    /** Above this many pairs of lines the changed part is shown as a whole, because the comparison would take too long. */
    private static final int PAIRS_MAX = 4_000_000;

    /** {@code wpa-psk VALUE}, {@code PrivateKey=VALUE}, {@code password: VALUE}. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)^(.\\s*[\\w.-]*(?:psk|passw|passphrase|secret|key)[\\w.-]*\\s*[=: \\t]\\s*).+$");

    private final List<String> before;
    private final List<String> after;
    private final List<String> all = new ArrayList<>();

    private FileDifference(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** Returns the lines of a change, each with its mark in front. A value that can be a secret is not shown. */
    static List<String> of(FileChange change) {
        FileDifference difference = new FileDifference(
                lines(change.before().orElse("")), lines(change.after().orElse("")));
        difference.compare();
        return difference.nearChanges().stream()
                .map(line -> SECRET.matcher(line).replaceFirst("$1***"))
                .toList();
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private void compare() {
        int start = 0;
        int shorter = Math.min(before.size(), after.size());
        while (start < shorter && before.get(start).equals(after.get(start))) {
            start++;
        }
        int same = 0;
        while (same < shorter - start
                && before.get(before.size() - 1 - same).equals(after.get(after.size() - 1 - same))) {
            same++;
        }
        before.subList(0, start).forEach(line -> all.add(" " + line));
        changed(before.subList(start, before.size() - same), after.subList(start, after.size() - same));
        before.subList(before.size() - same, before.size()).forEach(line -> all.add(" " + line));
    }

    /** By the longest common subsequence of the lines. */
    private void changed(List<String> old, List<String> next) {
        if ((long) old.size() * next.size() > PAIRS_MAX) {
            old.forEach(line -> all.add("-" + line));
            next.forEach(line -> all.add("+" + line));
            return;
        }
        int[][] common = new int[old.size() + 1][next.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--) {
            for (int j = next.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(next.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < old.size() || j < next.size()) {
            if (i < old.size() && j < next.size() && old.get(i).equals(next.get(j))) {
                all.add(" " + old.get(i++));
                j++;
            } else if (j == next.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
                all.add("-" + old.get(i++));
            } else {
                all.add("+" + next.get(j++));
            }
        }
    }

    private List<String> nearChanges() {
        List<String> near = new ArrayList<>();
        boolean isGap = false;
        for (int at = 0; at < all.size(); at++) {
            int from = Math.max(0, at - AROUND);
            int to = Math.min(all.size(), at + AROUND + 1);
            if (all.subList(from, to).stream().anyMatch(line -> line.charAt(0) != ' ')) {
                if (isGap) {
                    near.add("...");
                }
                isGap = false;
                near.add(all.get(at));
            } else {
                isGap = !near.isEmpty();
            }
        }
        return near;
    }
}
