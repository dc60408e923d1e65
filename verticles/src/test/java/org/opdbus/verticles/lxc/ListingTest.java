// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;

class ListingTest {
    private static final ContainerId A = new ContainerId("a");

    private final Listing listing = new Listing();

    @Test
    void it_is_over_once_when_all_have_answered() {
        listing.begin(Set.of(A), 0, 10);
        assertThat(listing.finish(1, A::equals)).isFalse();
        assertThat(listing.finish(2, id -> false)).isTrue();
        assertThat(listing.finish(3, id -> false)).isFalse();
    }

    @Test
    void it_does_not_wait_for_ever_however_often_it_is_begun_anew() {
        listing.begin(Set.of(A), 0, 10);
        listing.begin(Set.of(A), 6, 10);
        assertThat(listing.due()).isEqualTo(10);
        assertThat(listing.finish(10, A::equals)).isTrue();
        assertThat(listing.due()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_listing_without_questions_ends_at_once() {
        listing.begin(Set.of(), 5, 10);
        assertThat(listing.finish(5, A::equals)).isTrue();
    }
}
