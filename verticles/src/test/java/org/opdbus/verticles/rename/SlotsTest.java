// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;

/** Which of a container's links is the first, and who keeps a place. */
class SlotsTest {
    private static final ContainerId ID = new ContainerId("100");
    private static final NamingRule RULE = new NamingRule("vi{id}");

    private static Link link(int index, String name) {
        return new Link(index, new LinkName(name), List.of(), "veth", Optional.empty(), index, 0, 0, true, true);
    }

    private static Map<Link, Integer> assign(List<Link> links) {
        return Slots.assign(links, slot -> RULE.nameFor(ID, slot), link -> List.of());
    }

    @Test
    void links_without_a_name_take_the_free_slots_in_order() {
        Link first = link(1, "veth1");
        Link named = link(2, "vi100");
        Link last = link(3, "veth3");
        assertThat(assign(List.of(first, named, last)))
                .containsExactly(Map.entry(named, 0), Map.entry(first, 1), Map.entry(last, 2));
    }

    @Test
    void taking_one_of_a_hundred_links_away_renames_no_other() {
        List<Link> links = new ArrayList<>(IntStream.range(0, 100)
                .mapToObj(slot -> link(1 + slot, RULE.nameFor(ID, slot).value()))
                .toList());
        links.remove(50);
        links.remove(3);
        assertThat(assign(links))
                .hasSize(98)
                .allSatisfy((link, slot) -> assertThat(slot).isEqualTo(link.index() - 1));
    }

    @Test
    void a_link_of_proxmoxs_has_the_number_that_proxmox_gave_it() {
        Link second = link(1, "veth100i1");
        Link first = link(2, "veth100i0");
        assertThat(assign(List.of(second, first))).containsExactly(Map.entry(first, 0), Map.entry(second, 1));
    }

    @Test
    void links_that_another_hand_has_renamed_get_the_slots_back_that_they_had() {
        Link second = link(1, "mine");
        Link first = link(2, "other");
        Map<Link, List<String>> formerly = Map.of(first, List.of("veth2", "vi100"), second, List.of("vi100i1"));
        assertThat(Slots.assign(
                        List.of(second, first),
                        slot -> RULE.nameFor(ID, slot),
                        link -> formerly.getOrDefault(link, List.of())))
                .containsExactly(Map.entry(first, 0), Map.entry(second, 1));
    }
}
