// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * A short run of the benchmark, which notices if a change makes the agent many times slower. It checks ratios only,
 * with wide margins: it must not fail on another machine, or on a busy one.
 */
final class SpeedIT {
    private static final double MANY_TIMES = 20;
    private static final double MANY_TIMES_A_BARE_START = 150;
    private static final double MANY_TIMES_A_MOMENT_OF_THE_KERNEL = 10_000;
    /** A look at what is in memory already, few of them, and an agent whose code is not compiled yet. */
    private static final double MANY_TIMES_A_SHORT_LOOK = 1_000;

    @Test
    void nothing_takes_many_times_what_one_would_run_instead() throws Exception {
        assertThat(HostBench.quick(Path.of("target/op-dbus/bin/op-dbus")))
                .hasSizeGreaterThanOrEqualTo(22)
                .allSatisfy(
                        figure -> assertThat(figure.ratio()).as(figure.name()).isBetween(0.0, mostOf(figure.name())));
    }

    private static double mostOf(String figure) {
        if (figure.contains("hello world")) {
            return MANY_TIMES_A_BARE_START;
        }
        if (figure.contains("processor time of the agent")
                || figure.contains("PropertiesChanged")
                || figure.contains("on tmpfs")) {
            return MANY_TIMES_A_SHORT_LOOK;
        }
        return figure.contains("RTM_SETLINK") ? MANY_TIMES_A_MOMENT_OF_THE_KERNEL : MANY_TIMES;
    }
}
