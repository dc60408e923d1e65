// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnderWayTest {
    private final UnderWay underWay = new UnderWay(100, 250);

    @Test
    void an_address_that_takes_nothing_gets_no_more_than_its_share_and_the_others_go_on() {
        assertThat(underWay.begin("stalled", 60)).isTrue();
        assertThat(underWay.begin("stalled", 40)).isTrue();
        assertThat(underWay.begin("stalled", 1)).isFalse();
        for (int i = 0; i < 1000; i++) {
            assertThat(underWay.begin("quick", 90)).isTrue();
            underWay.end("quick", 90);
        }
        underWay.end("stalled", 60);
        assertThat(underWay.begin("stalled", 60)).isTrue();
        underWay.end("stalled", 60);
        underWay.end("stalled", 40);
        assertThat(underWay.all()).isZero();
    }

    @Test
    void when_all_have_too_much_only_those_that_have_nothing_get_one_more() {
        assertThat(underWay.begin("a", 100)).isTrue();
        assertThat(underWay.begin("b", 100)).isTrue();
        assertThat(underWay.begin("c", 50)).isTrue();
        assertThat(underWay.begin("c", 10)).isFalse();
        assertThat(underWay.begin("d", 1000)).isTrue();
        assertThat(underWay.begin("d", 1)).isFalse();
    }
}
