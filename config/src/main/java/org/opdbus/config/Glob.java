// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import org.opdbus.config.json.JsonValues;

/**
 * A pattern for names: {@code *} is any run of characters, {@code ?} any one, {@code [abc]}, {@code [a-z]} and {@code
 * [!a]} one of a set, and a backslash makes the next character literal. The whole name must match; matching is
 * case-sensitive.
 *
 * <p>The time for a match is at most proportional to the product of the lengths of pattern and name.
 */
public record Glob(String pattern) {
    /** The largest number of characters in a pattern. */
    public static final int LENGTH_MAX = 255;

    private static final int NO_MATCH = -1;

    public Glob {
        if (pattern.isEmpty() || pattern.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("must be a pattern of 1 to " + LENGTH_MAX + " characters");
        }
        for (int at = 0; at < pattern.length(); ) {
            at = end(pattern, at);
        }
    }

    /** Returns whether the whole name matches. */
    public boolean matches(String name) {
        int inPattern = 0;
        int inName = 0;
        int afterStar = NO_MATCH;
        int nameAtStar = 0;
        while (inName < name.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                afterStar = ++inPattern;
                nameAtStar = inName;
                continue;
            }
            if (inPattern < pattern.length() && matchesOne(inPattern, name.charAt(inName))) {
                inPattern = end(pattern, inPattern);
                inName++;
            } else if (afterStar != NO_MATCH) {
                // Only the last star ever has to take one character more: it can take whatever an
                // earlier star could.
                inPattern = afterStar;
                inName = ++nameAtStar;
            } else {
                return false;
            }
        }
        return pattern.substring(inPattern).chars().allMatch(c -> c == '*');
    }

    @Override
    public String toString() {
        return pattern;
    }

    private boolean matchesOne(int at, char c) {
        return switch (pattern.charAt(at)) {
            case '?' -> true;
            case '[' -> inSet(at, c);
            case '\\' -> pattern.charAt(at + 1) == c;
            default -> pattern.charAt(at) == c;
        };
    }

    private boolean inSet(int open, char c) {
        int close = end(pattern, open) - 1;
        boolean negated = pattern.charAt(open + 1) == '!';
        for (int at = open + (negated ? 2 : 1); at < close; at++) {
            char low = pattern.charAt(at);
            boolean isRange = at + 2 < close && pattern.charAt(at + 1) == '-';
            char high = isRange ? pattern.charAt(at + 2) : low;
            if (low <= c && c <= high) {
                return !negated;
            }
            at += isRange ? 2 : 0;
        }
        return negated;
    }

    /** Returns where the element that begins at {@code at} ends. */
    private static int end(String pattern, int at) {
        return switch (pattern.charAt(at)) {
            case '[' -> endOfSet(pattern, at);
            case '\\' -> endOfEscape(pattern, at);
            default -> at + 1;
        };
    }

    private static int endOfSet(String pattern, int open) {
        // A closing bracket that comes first is a member of the set (glob(7)).
        int first = open + (pattern.startsWith("!", open + 1) ? 2 : 1);
        int close = pattern.indexOf(']', first + 1);
        if (close < 0) {
            throw new IllegalArgumentException("has a [ without its ]: " + JsonValues.shown(pattern));
        }
        return close + 1;
    }

    private static int endOfEscape(String pattern, int backslash) {
        if (backslash + 1 == pattern.length()) {
            throw new IllegalArgumentException("ends in a backslash: " + JsonValues.shown(pattern));
        }
        return backslash + 2;
    }
}
