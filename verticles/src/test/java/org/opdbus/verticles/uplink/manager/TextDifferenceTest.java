// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextDifferenceTest {
    @Test
    void shows_lines_that_went_and_lines_that_came() {
        assertThat(TextDifference.of("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n"))
                .containsExactly("line 2:", "- b", "+ B", "line 5:", "+ e");
        assertThat(TextDifference.of("a\nb\n", "b\n")).containsExactly("line 1:", "- a");
        assertThat(TextDifference.of("", "a\n")).containsExactly("line 1:", "+ a");
        assertThat(TextDifference.of("a\n", "")).containsExactly("line 1:", "- a");
    }

    @Test
    void tells_of_a_newline_that_is_missing() {
        assertThat(TextDifference.of("a\n", "a"))
                .containsExactly("the last line ends with a newline in one of them only");
    }

    @Test
    void of_a_long_difference_it_shows_the_beginning() {
        String many = IntStream.range(0, 10_000).mapToObj(i -> "line" + i).collect(Collectors.joining("\n"));

        assertThat(TextDifference.of("x\n", many))
                .hasSize(41)
                .startsWith("line 1:", "- x", "+ line0")
                .endsWith("and 9962 more lines");
    }
}
