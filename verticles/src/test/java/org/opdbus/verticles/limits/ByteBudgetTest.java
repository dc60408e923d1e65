// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final List<String> ended = new ArrayList<>();

    @Test
    void the_caller_for_whom_most_is_held_makes_room() {
        ByteBudget.Share small = share("small");
        ByteBudget.Share large = share("large");
        assertThat(small.take(30)).isTrue();
        assertThat(large.take(70)).isTrue();
        assertThat(ended).isEmpty();
        assertThat(small.take(10)).isTrue();
        assertThat(ended).containsExactly("large");
        // It is ended once, gets no more, and what it holds counts until it is gone.
        assertThat(large.take(1)).isFalse();
        assertThat(small.take(15)).isTrue();
        assertThat(small.take(1)).as("a quarter more and no more").isFalse();
        assertThat(budget.held()).isEqualTo(125);
        large.close();
        assertThat(budget.held()).isEqualTo(55);
        assertThat(small.take(45)).isTrue();
        assertThat(ended).containsExactly("large");
    }

    @Test
    void the_largest_caller_itself_gets_no_more() {
        ByteBudget.Share small = share("small");
        ByteBudget.Share large = share("large");
        assertThat(small.take(30)).isTrue();
        assertThat(large.take(71)).isFalse();
        assertThat(large.take(70)).isTrue();
        assertThat(ended).isEmpty();
    }

    @Test
    void what_is_given_back_can_be_taken_again_and_a_closed_share_holds_nothing() {
        ByteBudget.Share share = share("one");
        assertThat(share.take(100)).isTrue();
        share.give(60);
        assertThat(budget.held()).isEqualTo(40);
        assertThat(share.take(60)).isTrue();
        share.close();
        share.close();
        share.give(100);
        assertThat(budget.held()).isZero();
        assertThat(share.take(1)).isFalse();
    }

    private ByteBudget.Share share(String name) {
        return budget.open(() -> ended.add(name));
    }
}
