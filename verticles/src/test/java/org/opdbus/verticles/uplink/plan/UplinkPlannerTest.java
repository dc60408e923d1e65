// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;

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
    void every_address_and_route_moves_but_the_link_local_address_comes_by_itself() {
        Step.Network moved = moved(SampleHost.plain()
                .address(SampleHost.ETH0, SampleHost.LINK_LOCAL, 64)
                .planOnto());

        assertThat(moved.addresses()).extracting(ListedAddress::address).containsExactly("192.0.2.10", "2001:db8::10");
        assertThat(moved.routes())
                .extracting(ListedRoute::destination)
                .containsExactly("192.0.2.0/24", "2001:db8::/64", "0.0.0.0/0", "::/0");
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
