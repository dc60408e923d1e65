// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;

class GatheringTest {
    private static final Link DOWN = link(5, "a", false);
    private static final Link UP = link(5, "a", true);
    private static final Link RENAMED = link(5, "b", true);
    private static final Link OTHER = link(6, "a", false);

    private static Link link(int index, String name, boolean up) {
        return new Link(index, new LinkName(name), List.of(), "veth", Optional.empty(), 2, 0, 0, up, up);
    }

    private static List<LinkEvent> gathered(LinkEvent... events) {
        Gathering gathering = new Gathering();
        for (LinkEvent event : events) {
            gathering.add(event);
        }
        return gathering.events();
    }

    @Test
    void a_link_that_came_and_went_leaves_nothing_of_any_of_its_names() {
        assertThat(gathered(
                        new LinkAppeared(DOWN),
                        new LinkChanged(DOWN, UP),
                        new LinkChanged(UP, RENAMED),
                        new LinkAppeared(OTHER),
                        new LinkVanished(RENAMED)))
                .containsExactly(new LinkAppeared(OTHER));
    }

    @Test
    void a_new_link_appears_as_it_is_in_the_end() {
        assertThat(gathered(new LinkAppeared(DOWN), new LinkAppeared(OTHER), new LinkChanged(DOWN, UP)))
                .containsExactly(new LinkAppeared(UP), new LinkAppeared(OTHER));
    }

    @Test
    void a_new_link_that_is_renamed_shows_both_names_and_what_follows() {
        assertThat(gathered(new LinkAppeared(UP), new LinkChanged(UP, RENAMED), new LinkChanged(RENAMED, UP)))
                .containsExactly(new LinkAppeared(UP), new LinkChanged(UP, RENAMED), new LinkChanged(RENAMED, UP));
    }

    @Test
    void every_change_of_a_known_link_stays() {
        assertThat(gathered(new LinkChanged(DOWN, UP), new LinkChanged(UP, DOWN), new LinkVanished(DOWN)))
                .containsExactly(new LinkChanged(DOWN, UP), new LinkChanged(UP, DOWN), new LinkVanished(DOWN));
    }

    @Test
    void an_index_that_the_kernel_gives_again_is_another_link() {
        assertThat(gathered(new LinkVanished(UP), new LinkAppeared(DOWN), new LinkVanished(DOWN), new LinkAppeared(UP)))
                .containsExactly(new LinkVanished(UP), new LinkAppeared(UP));
    }
}
