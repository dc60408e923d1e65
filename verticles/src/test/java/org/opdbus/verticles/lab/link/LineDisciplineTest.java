// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;

/** What tc(8) is told of a line. */
class LineDisciplineTest {
    @Test
    void a_rate_alone_needs_no_netem() {
        assertThat(String.join(" ", LineDiscipline.arguments(new A2b(0, 0, 1_000))))
                .isEqualTo("tbf rate 1000kbit burst 16384 latency 400ms");
        assertThat(String.join(" ", LineDiscipline.arguments(new A2b(0, 0, 1_000_000))))
                .isEqualTo("tbf rate 1000000kbit burst 1250000 latency 400ms");
    }

    @Test
    void delay_and_loss_have_a_bounded_queue() {
        assertThat(String.join(" ", LineDiscipline.arguments(new A2b(20, 5, 0))))
                .isEqualTo("netem limit 10000 delay 20ms loss 0.05%");
        assertThat(String.join(" ", LineDiscipline.arguments(new A2b(0, 10_000, 64))))
                .isEqualTo("netem limit 10000 loss 100.00% rate 64kbit");
    }
}
