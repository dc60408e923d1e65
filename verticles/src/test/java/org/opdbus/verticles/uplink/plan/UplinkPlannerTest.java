// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;

/** The steps of a move, and what moves. */
final class UplinkPlannerTest {
    private static Step.Network moved(UplinkPlan plan) {
        return plan.steps().stream()
                .filter(Step.MoveNetwork.class::isInstance)
                .map(step -> ((Step.MoveNetwork) step).network())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_steps_onto_a_bridge_are_in_the_order_that_keeps_the_host_reachable() {
        assertThat(SampleHost.plain().planOnto().steps())
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly("PrepareBridge", "AttachLink", "MoveNetwork", "WriteSettings", "Announce", "Probe");
    }

    @Test
    void every_address_and_route_moves_and_addresses_of_ipv6_keep_their_order() {
        SampleHost host = SampleHost.plain()
                .address(SampleHost.ETH0, "2001:db8::20", 64)
                .address(SampleHost.ETH0, SampleHost.LINK_LOCAL, 64)
                .route(SampleHost.ETH0, "fe80::/64", 2, "");

        Step.Network moved = moved(host.planOnto());

        assertThat(moved.addresses())
                .extracting(ListedAddress::address)
                .containsExactly("192.0.2.10", SampleHost.LINK_LOCAL, "2001:db8::20", "2001:db8::10");
        assertThat(moved.routes())
                .extracting(ListedRoute::destination)
                .containsExactly("192.0.2.0/24", "2001:db8::/64", "fe80::/64", "0.0.0.0/0", "::/0");
    }

    @Test
    void what_the_kernel_makes_for_each_link_does_not_move() {
        SampleHost host = SampleHost.plain();
        NextHop hop = new NextHop(SampleHost.ETH0, Optional.empty(), 1, 0);
        host.routes.add(Copies.kind(SampleHost.route("192.0.2.10/32", 2, 0, Optional.empty(), hop), 255, 2));
        host.routes.add(Copies.kind(SampleHost.route("ff00::/8", 2, 256, Optional.empty(), hop), 255, 5));
        host.routes.add(SampleHost.route("198.51.100.9/32", 1, 0, Optional.empty(), hop));

        assertThat(moved(host.planOnto())).isEqualTo(moved(SampleHost.plain().planOnto()));
    }

    @Test
    void the_routers_must_answer() {
        List<Step> steps = SampleHost.plain().planOnto().steps();

        assertThat(steps.get(steps.size() - 1))
                .isEqualTo(new Step.Probe(
                        "br0",
                        List.of(new ProbeTarget.Neighbour("192.0.2.1"), new ProbeTarget.Neighbour("2001:db8::1"))));
    }
}
