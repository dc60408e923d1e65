// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A minute of {@link AttackSoak}. Only the long run asserts how much slower enrolment is, because that needs a quiet
 * machine.
 */
final class AttackSoakIT {
    @Test
    void under_all_local_attacks_at_once_no_start_fails_and_the_agent_stays_alive_and_small() throws Exception {
        try (AttackSoak soak = new AttackSoak()) {
            assertThat(soak.run(Duration.ofMinutes(1)).failures()).isEmpty();
            assertThat(soak.attackedLives()).isPositive();
        }
    }
}
