// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;

class EngineEndsTest {
    private static final ContainerId WEB = Kind.DOCKER.id("3f2ab1c9d0e1");
    private static final ContainerId DB = Kind.DOCKER.id("3f2ab1c9d0e2");

    private final EngineEnds ends = new EngineEnds();

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void a_container_that_ends_right_before_its_engine_or_while_that_is_away_ended_with_it() {
        ends.ended(WEB, seconds(100));
        assertThat(ends.isWithEngine(WEB)).isFalse();
        ends.lost(seconds(112));
        ends.ended(DB, seconds(113));
        ends.listed();
        assertThat(ends.isWithEngine(WEB)).isTrue();
        assertThat(ends.isWithEngine(DB)).isTrue();
        ends.forget(WEB);
        assertThat(ends.isWithEngine(WEB)).isFalse();
        ends.ended(WEB, seconds(120));
        assertThat(ends.isWithEngine(WEB)).isFalse();
    }

    @Test
    void a_container_that_ended_long_before_its_engine_ended_by_itself() {
        ends.ended(WEB, seconds(100));
        ends.lost(seconds(131));
        assertThat(ends.isWithEngine(WEB)).isFalse();
    }
}
