// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotMapTest {
    @Test
    void a_copy_is_changed_and_the_original_is_not() {
        SnapshotMap<String, Integer> none = SnapshotMap.empty();
        SnapshotMap<String, Integer> one = none.with("a", 1);
        SnapshotMap<String, Integer> two = one.with("b", 2).with("a", 3);

        assertThat(none.size()).isZero();
        assertThat(none.get("a")).isEmpty();
        assertThat(one.get("a")).contains(1);
        assertThat(one.get("b")).isEmpty();
        assertThat(two.get("a")).contains(3);
        assertThat(two.keys()).containsExactlyInAnyOrder("a", "b");
        assertThat(two.without("a").values()).containsExactly(2);
        assertThat(two.without("a").size()).isEqualTo(1);
    }

    @Test
    void a_change_that_changes_nothing_gives_the_same_map() {
        SnapshotMap<String, Integer> map = SnapshotMap.<String, Integer>empty().with("a", 1_000);
        assertThat(map.with("a", 1_000)).isSameAs(map);
        assertThat(map.without("b")).isSameAs(map);
    }

    @Test
    void a_random_history_is_that_of_a_plain_map_and_every_two_moments_of_it_are_compared_rightly() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("-Dseed=" + seed);
        Random random = new Random(seed);
        SnapshotMap<Integer, Integer> map = SnapshotMap.empty();
        Map<Integer, Integer> plain = new HashMap<>();
        SnapshotMap<Integer, Integer> earlier = map;
        Map<Integer, Integer> earlierPlain = Map.of();
        for (int i = 0; i < 20_000; i++) {
            int key = random.nextInt(3_000);
            if (random.nextInt(3) == 0) {
                map = map.without(key);
                plain.remove(key);
            } else {
                int value = random.nextInt(4);
                map = map.with(key, value);
                plain.put(key, value);
            }
            if (random.nextInt(50) == 0) {
                assertThat(map.size()).isEqualTo(plain.size());
                assertThat(map.changedSince(earlier)).isEqualTo(difference(earlierPlain, plain));
                earlier = map;
                earlierPlain = Map.copyOf(plain);
            }
        }
        assertThat(map.keys()).containsExactlyInAnyOrderElementsOf(plain.keySet());
        SnapshotMap<Integer, Integer> last = map;
        plain.forEach((key, value) -> assertThat(last.get(key)).contains(value));
    }

    private static Set<Integer> difference(Map<Integer, Integer> was, Map<Integer, Integer> now) {
        Set<Integer> keys = new HashSet<>(was.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> Objects.equals(was.get(key), now.get(key)));
        return keys;
    }
}
