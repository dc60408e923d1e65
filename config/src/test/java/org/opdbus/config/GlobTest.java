// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "web-*, web-, true",
        "web-*, web-1, true",
        "web-*, my-web-1, false",
        "*, anything, true",
        "*-db-*, eu-db-7, true",
        "*-db-*, eu-db, false",
        "**a**, a, true",
        "?00, 100, true",
        "?00, 1000, false",
        "[12]00, 200, true",
        "[12]00, 300, false",
        "[1-3]00, 200, true",
        "[!1-3]00, 200, false",
        "[!1-3]00, 900, true",
        "a[-]b, a-b, true",
        "a[]]b, a]b, true",
        "a[!]]b, a]b, false",
        "[a-]x, -x, true",
        "\\*, *, true",
        "\\*, a, false",
        "a.c, abc, false",
        "WEB, web, false",
        "a*b*c, aXbXbXc, true",
        "a*b*c, aXbXbX, false",
    })
    void a_pattern_matches_whole_names(String pattern, String name, boolean expected) {
        assertThat(new Glob(pattern).matches(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[abc", "[", "[]", "[!]", "a\\"})
    void a_pattern_that_cannot_be_read_is_refused(String pattern) {
        assertThatThrownBy(() -> new Glob(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stars_and_question_marks_mean_what_they_mean_as_regular_expressions() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            String pattern = word(random, "ab*?") + "*";
            String name = word(random, "ab");
            String regex = pattern.replace("*", ".*").replace("?", ".");
            assertThat(new Glob(pattern).matches(name))
                    .as("-Dseed=%s: %s on %s", seed, pattern, name)
                    .isEqualTo(Pattern.matches(regex, name));
        }
    }

    @Test
    void many_stars_do_not_make_it_slow() {
        Glob glob = new Glob("a*".repeat(127));
        // Trying every way to divide the name among the stars would take longer than the universe has.
        assertThat(glob.matches("a".repeat(4_000) + "b")).isTrue();
        assertThat(new Glob("*a".repeat(127)).matches("a".repeat(4_000) + "b")).isFalse();
    }

    private static String word(Random random, String letters) {
        return random.ints(random.nextInt(8), 0, letters.length())
                .mapToObj(index -> letters.substring(index, index + 1))
                .reduce("", String::concat);
    }
}
