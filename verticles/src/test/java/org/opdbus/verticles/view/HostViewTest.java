// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.AnswerEvent.LinkAnswered;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.Workload.LxcContainer;

/** Whom a fact concerns: what is none of a container's makes nobody look. */
class HostViewTest {
    private static final int CONTAINERS = 1_000;
    private static final int OWN_NAMESPACE = 5_000;
    private static final ContainerId WITHOUT_LINK = new ContainerId("without-link");

    private final HostView view = new HostView(new HostView.Start("here", false, 1, List.of()));

    @BeforeEach
    void startContainers() {
        for (int n = 0; n < CONTAINERS; n++) {
            ContainerId id = new ContainerId("c" + n);
            view.apply(new ContainerStarted(new LxcContainer(id, "/var/lib/lxc"), 100 + n));
            view.apply(new LinkAppeared(link(10 + n, "veth" + n, n, true)));
            view.apply(new NamespaceResolved(id, 100 + n, n, 1));
        }
        view.apply(new ContainerStarted(new LxcContainer(WITHOUT_LINK, "/var/lib/lxc"), 99));
        resolveNone();
    }

    private void resolveNone() {
        long question = view.container(WITHOUT_LINK).orElseThrow().namespaceQuestion();
        view.apply(new NamespaceResolved(WITHOUT_LINK, 99, Link.NO_NAMESPACE, question));
    }

    private static Link link(int index, String name, int peerNamespace, boolean up) {
        return new Link(index, new LinkName(name), List.of(), "veth", Optional.empty(), 2, peerNamespace, 0, up, false);
    }

    @Test
    void links_of_others_touch_no_container() {
        Link stranger = link(90_000, "stranger0", Link.NO_NAMESPACE, false);
        Link up = link(90_000, "stranger0", Link.NO_NAMESPACE, true);
        assertThat(view.apply(new LinkAppeared(stranger)).ids()).isEmpty();
        assertThat(view.apply(new LinkChanged(stranger, up)).ids()).isEmpty();
        assertThat(view.apply(new LinkVanished(up)).ids()).isEmpty();
    }

    @Test
    void a_link_into_an_unknown_namespace_is_asked_about_once_and_of_those_only_who_have_none() {
        Link stranger = link(90_000, "stranger0", OWN_NAMESPACE, false);
        Link up = link(90_000, "stranger0", OWN_NAMESPACE, true);
        assertThat(view.apply(new LinkAppeared(stranger)).ids()).containsExactly(WITHOUT_LINK);
        assertThat(view.container(WITHOUT_LINK).orElseThrow().isResolved()).isFalse();
        resolveNone();

        assertThat(view.apply(new LinkChanged(stranger, up)).ids()).isEmpty();
        assertThat(view.apply(new LinkVanished(up)).ids()).isEmpty();
    }

    @Test
    void a_containers_link_makes_its_container_look() {
        Link before = link(10, "veth0", 0, true);
        assertThat(view.apply(new LinkChanged(before, link(10, "other0", 0, true)))
                        .ids())
                .containsExactly(new ContainerId("c0"));
    }

    @Test
    void only_the_first_listing_of_a_source_and_the_first_after_a_loss_touch_all_containers() {
        assertThat(view.apply(new SourceListed(Source.NETLINK, CONTAINERS)).ids())
                .hasSize(CONTAINERS + 1);
        assertThat(view.apply(new SourceListed(Source.NETLINK, CONTAINERS)).ids())
                .isEmpty();

        view.apply(new SourceLost(Source.NETLINK, "overrun"));
        assertThat(view.apply(new SourceListed(Source.NETLINK, CONTAINERS)).ids())
                .hasSize(CONTAINERS + 1);
    }

    @Test
    void a_message_that_is_older_than_the_kernels_answer_does_not_take_the_picture_back() {
        Link asked = link(10, "veth0", 0, false);
        view.apply(new LinkChanged(link(10, "veth0", 0, true), asked));
        Link named = link(10, "vi0", 0, false);
        view.apply(new LinkAnswered(new ContainerId("c0"), asked, named));
        // The link went up before it was named; the message waited longer than the answer.
        assertThat(view.apply(new LinkChanged(asked, link(10, "veth0", 0, true)))
                        .ids())
                .isEmpty();
        assertThat(view.link(10)).contains(named);

        view.apply(new LinkChanged(link(10, "veth0", 0, true), link(10, "vi0", 0, true)));
        view.apply(new LinkChanged(link(10, "vi0", 0, true), link(10, "veth0", 0, true)));
        assertThat(view.link(10)).as("another hand named it back").contains(link(10, "veth0", 0, true));
    }

    @Test
    void a_listing_bears_out_a_message_that_was_taken_for_older() {
        Link asked = link(10, "veth0", 0, true);
        view.apply(new LinkAnswered(new ContainerId("c0"), asked, link(10, "vi0", 0, true)));
        // The message that shows the answer was lost.
        Link back = link(10, "other0", 0, true);
        view.apply(new LinkChanged(asked, back));
        assertThat(view.link(10)).isNotEqualTo(Optional.of(back));

        assertThat(view.apply(new SourceListed(Source.NETLINK, CONTAINERS)).ids())
                .contains(new ContainerId("c0"));
        assertThat(view.link(10)).contains(back);
    }

    @Test
    void a_port_under_an_earlier_name_of_a_link_stands_for_it_unless_another_link_bears_the_name() {
        Link named = link(10, "vi0", 0, true);
        view.apply(new LinkChanged(link(10, "veth0", 0, true), named));
        assertThat(view.apply(new PortAdded(port("veth0"))).ids()).containsExactly(new ContainerId("c0"));
        assertThat(view.portUnderFormerName(named)).contains(port("veth0"));

        Link other = link(90_000, "veth0", Link.NO_NAMESPACE, true);
        assertThat(view.apply(new LinkAppeared(other)).ids()).containsExactly(new ContainerId("c0"));
        assertThat(view.portUnderFormerName(named)).isEmpty();
        view.apply(new LinkVanished(other));
        assertThat(view.portUnderFormerName(named)).contains(port("veth0"));

        view.apply(new LinkVanished(named));
        assertThat(view.formerNamesOf(named)).isEmpty();
    }

    @Test
    void a_port_under_a_name_that_two_links_had_stands_for_the_link_that_had_it_last() {
        Link earlier = link(10, "vi0", 0, true);
        Link later = link(11, "vi0i1", 0, true);
        view.apply(new LinkChanged(link(10, "veth0", 0, true), earlier));
        Link between = link(11, "veth0", 0, true);
        view.apply(new LinkChanged(link(11, "veth1", 0, true), between));
        view.apply(new LinkChanged(between, later));
        view.apply(new PortAdded(port("veth0")));

        assertThat(view.portUnderFormerName(later)).contains(port("veth0"));
        assertThat(view.portUnderFormerName(earlier)).isEmpty();

        view.apply(new LinkVanished(later));
        assertThat(view.portUnderFormerName(earlier)).contains(port("veth0"));
    }

    @Test
    void only_the_latest_earlier_names_of_a_link_are_kept() {
        Link last = link(10, "veth0", 0, true);
        for (int n = 1; n <= 20; n++) {
            Link next = link(10, "name" + n, 0, true);
            view.apply(new LinkChanged(last, next));
            last = next;
        }
        assertThat(view.formerNamesOf(last)).hasSize(8).startsWith("name12").endsWith("name19");
    }

    private static Port port(String name) {
        return new Port(
                "uuid-" + name,
                name,
                "vmbr0",
                Optional.of(42),
                Set.of(),
                Optional.empty(),
                Map.of(),
                "",
                0,
                Optional.empty());
    }
}
