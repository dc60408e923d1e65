// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.HeightRanges.Range;

class HeightRangesTest {
    private final HeightRanges ranges = new HeightRanges();

    @Test
    void neighbours_become_one_whatever_order_they_come_in() {
        for (long height : new long[] {5, 3, 9, 4, 8, 3}) {
            ranges.add(height);
        }
        assertThat(ranges.list()).containsExactly(new Range(3, 5), new Range(8, 9));
        assertThat(ranges.missing(1, 10)).containsExactly(new Range(1, 2), new Range(6, 7), new Range(10, 10));
        assertThat(ranges.missing(4, 9)).containsExactly(new Range(6, 7));
        assertThat(ranges.missing(4, 5)).isEmpty();
        ranges.keepHighest(1);
        assertThat(ranges.list()).containsExactly(new Range(8, 9));
    }

    @Test
    void it_is_the_set_that_it_stands_for() {
        Random chance = new Random(7);
        TreeSet<Long> model = new TreeSet<>();
        for (int i = 0; i < 5_000; i++) {
            long low = 1L + chance.nextInt(200);
            long high = low + chance.nextInt(6);
            if (chance.nextInt(20) == 0) {
                ranges.removeUpTo(low);
                model.headSet(low, true).clear();
            } else {
                ranges.add(new Range(low, high));
                LongStream.rangeClosed(low, high).forEach(model::add);
            }
            long from = chance.nextInt(210);
            long to = from + chance.nextInt(30);
            assertThat(LongStream.rangeClosed(0, 220).filter(ranges::contains).boxed())
                    .containsExactlyElementsOf(model);
            List<Long> missing = new ArrayList<>();
            ranges.missing(from, to)
                    .forEach(range ->
                            LongStream.rangeClosed(range.low(), range.high()).forEach(missing::add));
            assertThat(missing)
                    .containsExactlyElementsOf(LongStream.rangeClosed(from, to)
                            .filter(height -> !model.contains(height))
                            .boxed()
                            .toList());
        }
    }
}
