// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** A move off a bridge, and each reason against it. */
final class BackRefusalTest {
    private final SampleHost host = SampleHost.plain();

    @BeforeEach
    void move_onto_the_bridge() {
        UplinkPlan onto = host.planOnto();
        PlannedHost simulated = new PlannedHost(host);
        onto.steps().forEach(step -> simulated.perform(onto.id(), step));
        host.moved.put("eth0", onto);
    }

    private UplinkPlan plan() {
        return UplinkPlanner.plan(host.picture(), SampleHost.back(), SampleHost.noManager(), "move-2");
    }

    private void assertRefused(String why) {
        UplinkRefusal refusal = catchThrowableOfType(UplinkRefusal.class, this::plan);
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.why()).contains(why);
            assertThat(reason.remedy()).isNotEmpty();
        });
    }

    private void bridge(List<String> ports, Map<String, String> marks) {
        host.bridges.set(
                0,
                new SwitchBridge(
                        "br0",
                        "netdev",
                        Optional.empty(),
                        List.of(),
                        false,
                        Optional.of(SampleHost.MAC),
                        ports,
                        marks,
                        Optional.of("move-1")));
    }

    @Test
    void the_steps_are_the_mirror_image() {
        assertThat(plan().steps())
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly("WriteSettings", "MoveNetwork", "DetachLink", "RestoreBridge", "Announce", "Probe");
    }

    @Test
    void a_bridge_with_other_ports_stays_and_the_notes_name_them() {
        bridge(List.of("eth0", "vi101"), Map.of("eth0", "move-1"));

        UplinkPlan plan = plan();

        assertThat(plan.steps())
                .filteredOn(Step.RestoreBridge.class::isInstance)
                .singleElement()
                .extracting(step -> ((Step.RestoreBridge) step).removes())
                .isEqualTo(false);
        assertThat(plan.notes())
                .anyMatch(note -> note.contains("vi101"))
                .anyMatch(note -> note.startsWith("What names br0 itself does not move"));
    }

    @Test
    void a_setting_that_was_changed_since_stays() {
        host.setting("eth0", LinkSettings.NO_IPV6, "0");

        assertThat(plan().steps()).noneMatch(Step.WriteSettings.class::isInstance);
    }

    @Test
    void a_move_without_a_record() {
        host.moved.clear();
        assertRefused("there is no record of a move of eth0");
    }

    @Test
    void a_port_that_was_made_anew_or_is_gone() {
        bridge(List.of("eth0"), Map.of());
        assertRefused("does not bear the mark of a move");
        bridge(List.of(), Map.of());
        assertRefused("eth0 is not a port of the bridge br0");
    }

    @Test
    void a_link_with_addresses_of_its_own() {
        host.address(SampleHost.ETH0, "198.51.100.1", 24);
        assertRefused("eth0 has addresses of its own (198.51.100.1)");
    }

    @Test
    void a_link_that_is_gone_or_down() {
        host.links.set(1, SampleHost.link(SampleHost.ETH0, "eth0", "", 0));
        assertRefused("eth0 is down");
        host.links.remove(1);
        assertRefused("there is no link eth0");
    }

    @Test
    void a_bridge_that_is_gone() {
        host.bridges.clear();
        assertRefused("there is no bridge br0");
    }

    @Test
    void a_dhcp_client_of_the_bridge_that_the_manager_does_not_take_over() {
        host.clients.put("br0", List.of(new DhcpClient("udhcpc", 77, List.of("-i", "br0"))));
        assertRefused("the DHCP client udhcpc (process 77)");
    }

    @Test
    void another_bridge_than_that_of_the_record() {
        MoveRequest asked = SampleHost.back();
        MoveRequest other =
                new MoveRequest(asked.direction(), "eth0", "br9", asked.confirmWithin(), List.of(), asked.persists());

        UplinkRefusal refusal = catchThrowableOfType(
                UplinkRefusal.class, () -> UplinkPlanner.plan(host.picture(), other, SampleHost.noManager(), "move-2"));

        assertThat(refusal.reasons())
                .extracting(Reason::why)
                .anyMatch(why -> why.contains("onto the bridge br0, not br9"));
    }
}
