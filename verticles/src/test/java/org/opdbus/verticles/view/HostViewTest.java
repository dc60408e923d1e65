// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Container;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;

/** Whom a fact concerns: what is none of a container's makes nobody look. */
class HostViewTest {
    private static final int CONTAINERS = 1_000;
    private static final int OWN_NAMESPACE = 5_000;
    private static final ContainerId WITHOUT_LINK = new ContainerId("without-link");

    private final HostView view = new HostView("here");

    @BeforeEach
    void startContainers() {
        for (int n = 0; n < CONTAINERS; n++) {
            ContainerId id = new ContainerId("c" + n);
            view.apply(new ContainerStarted(new Container(id, "/var/lib/lxc"), 100 + n));
            view.apply(new LinkAppeared(link(10 + n, "veth" + n, n, true)));
            view.resolved(id, 100 + n, n);
        }
        view.apply(new ContainerStarted(new Container(WITHOUT_LINK, "/var/lib/lxc"), 99));
        view.resolved(WITHOUT_LINK, 99, Link.NO_NAMESPACE);
    }

    private static Link link(int index, String name, int peerNamespace, boolean up) {
        return new Link(index, new LinkName(name), List.of(), "veth", Optional.empty(), 2, peerNamespace, 0, up, false);
    }

    @Test
    void strangers_links_make_nobody_look() {
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
        view.resolved(WITHOUT_LINK, 99, Link.NO_NAMESPACE);

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
    void only_the_first_listing_of_a_source_and_the_first_after_a_loss_make_everybody_look() {
        assertThat(view.apply(new SourceListed(Source.NETLINK, CONTAINERS)).ids())
                .hasSize(CONTAINERS + 1);
        assertThat(view.apply(new SourceListed(Source.NETLINK, CONTAINERS)).ids())
                .isEmpty();

        view.apply(new SourceLost(Source.NETLINK, "overrun"));
        assertThat(view.apply(new SourceListed(Source.NETLINK, CONTAINERS)).ids())
                .hasSize(CONTAINERS + 1);
    }
}
