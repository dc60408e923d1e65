// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.http.access.TokenCheck.Answer;

final class TokenCheckTest {
    private static final String TOKEN = "0123456789abcdef0123";

    private long nowNs = Long.MIN_VALUE + 5;
    private final TokenCheck check = new TokenCheck(Optional.of(TOKEN), nowNs);

    @Test
    void only_the_token_is_right() {
        assertThat(check.check(Optional.of(TOKEN), "10.0.0.1", nowNs)).isEqualTo(Answer.RIGHT);
        assertThat(check.check(Optional.of(""), "10.0.0.1", nowNs)).isEqualTo(Answer.WRONG);
        assertThat(check.check(Optional.of(TOKEN + "4"), "10.0.0.1", nowNs)).isEqualTo(Answer.WRONG);
        assertThat(check.check(Optional.empty(), "10.0.0.1", nowNs)).isEqualTo(Answer.NONE);
        assertThat(new TokenCheck(Optional.empty(), nowNs).check(Optional.of(TOKEN), "10.0.0.1", nowNs))
                .isEqualTo(Answer.NONE);
    }

    @Test
    void an_address_has_a_few_guesses_and_then_one_in_a_second() {
        assertThat(guesses("10.0.0.1", 100)).isEqualTo(TokenCheck.AT_ONCE);
        assertThat(check.check(Optional.of(TOKEN), "10.0.0.1", nowNs)).isEqualTo(Answer.LATER);
        nowNs += TimeUnit.SECONDS.toNanos(1);
        assertThat(check.check(Optional.of(TOKEN), "10.0.0.1", nowNs)).isEqualTo(Answer.RIGHT);
        nowNs += TimeUnit.MINUTES.toNanos(1);
        assertThat(guesses("10.0.0.1", 100)).isEqualTo(TokenCheck.AT_ONCE);
        nowNs += TimeUnit.SECONDS.toNanos(3);
        assertThat(guesses("10.0.0.1", 100)).isEqualTo(3);
    }

    @Test
    void the_addresses_of_a_network_of_ipv6_are_one_caller() {
        int compared = 0;
        for (int i = 1; i <= 100; i++) {
            compared += guesses("2001:db8:1:2::" + Integer.toHexString(i), 1);
        }
        assertThat(compared).isEqualTo(TokenCheck.AT_ONCE);
        assertThat(guesses("2001:db8:1:3::1", 1)).isEqualTo(1);
    }

    /** Thousands of addresses that guess do not keep a right token from another address out. */
    @Test
    void guesses_from_elsewhere_do_not_keep_a_right_token_out() {
        int compared = 0;
        for (int i = 0; i < 800; i++) {
            compared += guesses("10.1." + i / 250 + "." + i % 250, 20);
        }
        assertThat(compared).as("guesses of 800 addresses").isLessThan(800 + 30);
        assertThat(check.check(Optional.of(TOKEN), "10.0.0.1", nowNs)).isEqualTo(Answer.RIGHT);
        // When all places are taken, a new address waits with the others, and not for long.
        for (int i = 0; i < 2 * TokenCheck.ADDRESSES_MAX; i++) {
            compared += guesses("10.2." + i / 250 + "." + i % 250, 1);
        }
        assertThat(compared).isLessThan(TokenCheck.ADDRESSES_MAX + 30);
        nowNs += TimeUnit.SECONDS.toNanos(200);
        assertThat(check.check(Optional.of(TOKEN), "10.0.0.2", nowNs)).isEqualTo(Answer.RIGHT);
    }

    @Test
    void a_program_with_an_old_token_does_not_lock_its_address() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(check.check(Optional.of("the token of last year"), "10.0.0.1", nowNs))
                    .isEqualTo(Answer.WRONG);
        }
        assertThat(check.check(Optional.of(TOKEN), "10.0.0.1", nowNs)).isEqualTo(Answer.RIGHT);
    }

    @Test
    void a_token_that_was_shown_before_it_was_written_is_right_afterwards() {
        assertThat(check.check(Optional.of("another"), "10.0.0.1", nowNs)).isEqualTo(Answer.WRONG);
        check.replace(Optional.of("another"));
        assertThat(check.check(Optional.of("another"), "10.0.0.1", nowNs)).isEqualTo(Answer.RIGHT);
        assertThat(check.check(Optional.of(TOKEN), "10.0.0.1", nowNs)).isEqualTo(Answer.WRONG);
        check.replace(Optional.empty());
        assertThat(check.hasToken()).isFalse();
        assertThat(check.check(Optional.of("another"), "10.0.0.1", nowNs)).isEqualTo(Answer.NONE);
    }

    /** Returns how many of so many different guesses were compared with the token. */
    private int guesses(String from, int number) {
        int compared = 0;
        for (int i = 0; i < number; i++) {
            compared +=
                    check.check(Optional.of("guess " + i + " at " + nowNs + from), from, nowNs) == Answer.WRONG ? 1 : 0;
        }
        return compared;
    }
}
