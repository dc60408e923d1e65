// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.LinkMessage.NamespaceForgotten;

class HandoverTest {
    private static final LinkMessage MESSAGE = new NamespaceForgotten(1);
    private static final Delivery.Listing LISTING = new Delivery.Listing(List.of());
    private static final Delivery.Lost LOST = new Delivery.Lost("overrun");

    private final AtomicInteger wakes = new AtomicInteger();
    private final Handover handover = new Handover(10, wakes::incrementAndGet);

    private static Delivery.Changes changes(int count) {
        return new Delivery.Changes(Collections.nCopies(count, MESSAGE));
    }

    @Test
    void deliveries_come_out_in_their_order_and_wake_the_receiver_once() {
        handover.replaceBy(LISTING);
        handover.offer(changes(1));
        handover.offer(changes(2));

        assertThat(wakes).hasValue(1);
        assertThat(handover.poll()).contains(LISTING);
        assertThat(handover.poll()).contains(changes(1));
        assertThat(handover.poll()).contains(changes(2));
        assertThat(handover.poll()).isEmpty();
        assertThat(handover.isEmpty()).isTrue();
    }

    @Test
    void when_too_much_waits_all_of_it_is_dropped_and_that_is_said() {
        assertThat(handover.offer(changes(6))).isTrue();
        assertThat(handover.offer(changes(5))).isFalse();

        assertThat(handover.poll()).isEqualTo(Optional.empty());
        assertThat(handover.offer(changes(10))).isTrue();
    }

    @Test
    void what_was_taken_makes_room() {
        handover.offer(changes(10));
        handover.poll();

        assertThat(handover.offer(changes(10))).isTrue();
    }

    @Test
    void a_listing_replaces_changes_but_not_the_word_of_a_loss() {
        handover.offer(changes(3));
        handover.lost(LOST);
        handover.lost(LOST);
        handover.replaceBy(LISTING);
        handover.replaceBy(LISTING);

        assertThat(handover.poll()).contains(LOST);
        assertThat(handover.poll()).contains(LISTING);
        assertThat(handover.poll()).isEmpty();
    }
}
