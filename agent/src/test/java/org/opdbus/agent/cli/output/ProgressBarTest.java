// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final long MIB = 1024 * 1024;

    private final StringWriter terminal = new StringWriter();
    private long millis;

    private ProgressBar bar() {
        return new ProgressBar(new PrintWriter(terminal), () -> millis * 1_000_000);
    }

    @Test
    void what_takes_no_second_draws_nothing() {
        try (ProgressBar bar = bar()) {
            millis = 999;
            bar.read(5, 10);
        }
        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void what_takes_longer_is_drawn_now_and_then_and_wiped_off_at_the_end() {
        try (ProgressBar bar = bar()) {
            millis = 1000;
            bar.read(50 * MIB, 200 * MIB);
            millis = 1050;
            bar.read(60 * MIB, 200 * MIB);
        }
        assertThat(terminal.toString())
                .isEqualTo("\r\033[K[" + "#".repeat(10) + ".".repeat(30) + "]  25 %  50 of 200 MiB\r\033[K");
    }
}
