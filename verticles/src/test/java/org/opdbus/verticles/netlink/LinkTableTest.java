// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.events.Link.NO_NAMESPACE;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Destination;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Gone;
import org.opdbus.verticles.kernel.netlink.LinkMessage.NamespaceForgotten;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Present;

class LinkTableTest {
    private final LinkTable table = new LinkTable();

    private static Link veth(int index, String name, int peerIndex, int peerNamespace) {
        return new Link(
                index,
                new LinkName(name),
                List.of(),
                "veth",
                Optional.empty(),
                peerIndex,
                peerNamespace,
                0,
                true,
                true);
    }

    private List<LinkEvent> present(Link link) {
        return table.apply(new Present(link));
    }

    private List<LinkEvent> gone(int index) {
        return table.apply(new Gone(index, Optional.empty()));
    }

    @Test
    void an_unknown_link_appears_once() {
        Link link = veth(5, "a", 2, 0);

        assertThat(present(link)).containsExactly(new LinkAppeared(link));
        assertThat(present(link)).isEmpty();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void another_name_is_a_change_of_the_same_link() {
        Link before = veth(5, "a", 2, 0);
        Link after = veth(5, "vi100", 2, 0);
        present(before);

        assertThat(present(after)).containsExactly(new LinkChanged(before, after));
    }

    @Test
    void a_name_can_move_from_one_link_to_another() {
        Link first = veth(5, "a", 2, 0);
        Link second = veth(6, "a", 2, 1);
        present(first);
        present(veth(5, "b", 2, 0));

        assertThat(present(second)).containsExactly(new LinkAppeared(second));
        assertThat(gone(5)).containsExactly(new LinkVanished(veth(5, "b", 2, 0)));
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void a_link_that_is_gone_vanishes_once_as_it_was_last() {
        Link link = veth(5, "a", 2, 0);
        present(link);

        assertThat(gone(5)).containsExactly(new LinkVanished(link));
        assertThat(gone(5)).isEmpty();
    }

    @Test
    void when_one_end_moves_away_the_other_leads_there() {
        Link host = veth(3, "host0", 2, NO_NAMESPACE);
        Link peer = veth(2, "peer0", 3, NO_NAMESPACE);
        present(peer);
        present(host);

        assertThat(table.apply(new Gone(2, Optional.of(new Destination(7, 12)))))
                .containsExactly(new LinkVanished(peer), new LinkChanged(host, veth(3, "host0", 12, 7)));
    }

    @Test
    void when_the_other_end_comes_back_both_ends_know_each_other() {
        Link host = veth(3, "host0", 12, 7);
        Link peer = veth(2, "peer0", 3, NO_NAMESPACE);
        present(host);

        assertThat(present(peer))
                .containsExactly(new LinkAppeared(peer), new LinkChanged(host, veth(3, "host0", 2, NO_NAMESPACE)));
    }

    @Test
    void the_end_that_was_made_first_learns_of_the_other() {
        Link early = veth(2, "peer0", 0, NO_NAMESPACE);
        Link host = veth(3, "host0", 2, NO_NAMESPACE);
        present(early);

        assertThat(present(host))
                .containsExactly(new LinkAppeared(host), new LinkChanged(early, veth(2, "peer0", 3, NO_NAMESPACE)));
    }

    @Test
    void when_both_ends_are_deleted_neither_changes_first() {
        Link host = veth(3, "host0", 2, NO_NAMESPACE);
        Link peer = veth(2, "peer0", 3, NO_NAMESPACE);
        present(peer);
        present(host);

        assertThat(gone(3)).containsExactly(new LinkVanished(host));
        assertThat(gone(2)).containsExactly(new LinkVanished(peer));
    }

    @Test
    void a_link_that_dies_keeps_the_peer_that_it_had() {
        Link alive = veth(3, "host0", 12, 7);
        present(alive);

        assertThat(present(veth(3, "host0", 0, NO_NAMESPACE))).isEmpty();
        assertThat(gone(3)).containsExactly(new LinkVanished(alive));
    }

    @Test
    void a_link_into_a_namespace_that_has_ended_is_not_one_into_the_next_holder_of_its_id() {
        Link old = veth(3, "old", 2, 7);
        Link other = veth(4, "other", 2, 8);
        Link young = veth(5, "young", 2, 7);
        present(old);
        present(other);

        assertThat(table.apply(new NamespaceForgotten(7)))
                .containsExactly(new LinkChanged(old, veth(3, "old", 0, NO_NAMESPACE)));
        assertThat(present(young)).containsExactly(new LinkAppeared(young));
        assertThat(gone(3)).containsExactly(new LinkVanished(veth(3, "old", 0, NO_NAMESPACE)));
        assertThat(table.apply(new NamespaceForgotten(9))).isEmpty();
    }

    @Test
    void a_listing_yields_the_differences_and_those_that_are_gone_first() {
        Link same = veth(1, "same", 2, 0);
        Link before = veth(2, "before", 2, 1);
        Link after = veth(2, "after", 2, 1);
        Link gone = veth(3, "gone", 2, 2);
        Link fresh = veth(4, "gone", 2, 3);
        List.of(same, before, gone).forEach(this::present);

        assertThat(table.reconcile(List.of(same, after, fresh)))
                .containsExactly(new LinkVanished(gone), new LinkChanged(before, after), new LinkAppeared(fresh));
        assertThat(table.reconcile(List.of(same, after, fresh))).isEmpty();
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void an_empty_table_takes_a_listing_as_everything_appearing() {
        assertThat(table.reconcile(List.of(veth(1, "a", 2, 0), veth(2, "b", 2, 1))))
                .containsExactly(new LinkAppeared(veth(1, "a", 2, 0)), new LinkAppeared(veth(2, "b", 2, 1)));
    }
}
