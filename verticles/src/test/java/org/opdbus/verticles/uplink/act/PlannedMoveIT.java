// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.uplink.host.HostReader;
import org.opdbus.verticles.uplink.host.SwitchQuery;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkPlanner;
import org.opdbus.verticles.uplink.show.PlanText;

/** Plans that are made from the real kernel and Open vSwitch, as a person sees them, and what carrying them out does. */
class PlannedMoveIT {
    private static final int MTU = 1400;

    private static UplinkPicture picture(UplinkLab lab, MoveRequest request, Map<String, UplinkPlan> moved) {
        HostReader.KernelPart kernel = new HostReader(Path.of("/")).read(request);
        return new UplinkPicture(
                kernel.links(),
                kernel.addresses(),
                kernel.routes(),
                kernel.rules(),
                SwitchQuery.read(lab.transact(SwitchQuery.DATABASE, SwitchQuery.OPERATIONS)),
                Map.of(),
                kernel.settings(),
                kernel.clients(),
                kernel.wireless(),
                Map.of(),
                moved,
                kernel.troubles(),
                List.of());
    }

    private static UplinkPlan plan(UplinkLab lab, Direction direction, Map<String, UplinkPlan> moved) {
        MoveRequest request =
                new MoveRequest(direction, UplinkLab.UPLINK, UplinkLab.BRIDGE, Duration.ofMinutes(2), List.of(), false);
        ManagerPlan none = new ManagerPlan("none", List.of(), List.of(), List.of());
        UplinkPlan plan = UplinkPlanner.plan(picture(lab, request, moved), request, none, UplinkLab.MOVE);
        PlanText.of(plan).forEach(System.out::println);
        return plan;
    }

    private static void performAll(UplinkLab lab, UplinkPlan plan) {
        plan.steps().forEach(lab::perform);
    }

    private static String setting(String link, String name) throws IOException {
        return Files.readString(Path.of("/proc/sys/net/ipv4/conf", link, name)).strip();
    }

    private static void set(String link, String name, String value) throws IOException {
        Files.writeString(Path.of("/proc/sys/net/ipv4/conf", link, name), value);
    }

    private static void network() {
        RouterSide.ip("addr", "add", "192.0.2.1/24", "dev", RouterSide.LINK);
        RouterSide.ip("addr", "add", "198.51.100.1/24", "dev", RouterSide.LINK);
        RouterSide.ip("addr", "add", "2001:db8::1/64", "dev", RouterSide.LINK, "nodad");
        Links.batch(List.of(
                "addr add 192.0.2.10/24 brd + dev up0",
                "addr add 192.0.2.11/24 dev up0 label up0:1",
                "addr add 198.51.100.10/24 dev up0 noprefixroute",
                "addr add 2001:db8::10/64 dev up0 nodad",
                "addr add 2001:db8::11/64 dev up0 nodad valid_lft 7200 preferred_lft 3600",
                "route add 198.51.100.0/24 dev up0 src 198.51.100.10 metric 50",
                "route add default via 192.0.2.1 metric 100",
                "route add default via 2001:db8::1 metric 512",
                "route add default via 198.51.100.1 dev up0 src 198.51.100.10 table 100 mtu 1300",
                "route add 203.0.113.0/24 via 192.0.2.1 dev up0 table 200 metric 7",
                "rule add from 198.51.100.10 table 100 priority 1000",
                "rule add iif up0 table 200 priority 1001",
                "rule add oif up0 table 200 priority 1002"));
    }

    /** Two addresses of each family, two tables, rules, an address whose route has a metric of its own, and settings. */
    @Test
    void a_whole_host_moves_as_planned_and_back() throws IOException {
        try (UplinkLab lab = new UplinkLab(MTU)) {
            network();
            lab.ovs.addBridge("other0");
            set(UplinkLab.UPLINK, "arp_ignore", "1");
            set(UplinkLab.UPLINK, "rp_filter", "1");
            UplinkLab.awaitAddresses(UplinkLab.UPLINK);
            Set<String> before = UplinkLab.described(UplinkLab.UPLINK);

            UplinkPlan onto = plan(lab, Direction.ONTO, Map.of());
            performAll(lab, onto);

            assertThat(UplinkLab.described(UplinkLab.UPLINK)).isEmpty();
            assertThat(UplinkLab.described(UplinkLab.BRIDGE)).containsAll(before);
            assertThat(setting(UplinkLab.BRIDGE, "arp_ignore")).isEqualTo("1");
            assertThat(setting(UplinkLab.BRIDGE, "rp_filter")).isEqualTo("1");
            assertThat(setting(UplinkLab.UPLINK, "arp_ignore")).isEqualTo("8");

            UplinkPlan back = plan(lab, Direction.BACK, Map.of(UplinkLab.UPLINK, onto));
            assertThat(back.steps())
                    .filteredOn(Step.RestoreBridge.class::isInstance)
                    .singleElement()
                    .extracting(step -> ((Step.RestoreBridge) step).removes())
                    .isEqualTo(true);
            performAll(lab, back);

            eventually(() -> assertThat(UplinkLab.described(UplinkLab.UPLINK)).containsExactlyElementsOf(before));
            assertThat(setting(UplinkLab.UPLINK, "arp_ignore")).isEqualTo("1");
            assertThat(setting(UplinkLab.UPLINK, "rp_filter")).isEqualTo("1");
            assertThat(lab.ovs.vsctl("list-br")).isEqualTo("other0");
        }
    }

    private static Process client(String... before) throws IOException {
        Path folder = Files.createTempDirectory("client-");
        Path program = folder.resolve("udhcpc");
        Files.copy(Path.of("/bin/sh").toRealPath(), program);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(program.toString(), "-c", "read line", "-i", UplinkLab.UPLINK));
        return new ProcessBuilder(command).start();
    }

    private static List<DhcpClient> clients(UplinkLab lab) {
        MoveRequest request = new MoveRequest(
                Direction.ONTO, UplinkLab.UPLINK, UplinkLab.BRIDGE, Duration.ofMinutes(2), List.of(), false);
        return picture(lab, request, Map.of()).clients().getOrDefault(UplinkLab.UPLINK, List.of());
    }

    /** A DHCP client of root is found with the link that it names; a process of another user that calls itself one is not. */
    @Test
    void a_dhcp_client_of_root_is_found_by_the_link_that_it_names() throws Exception {
        try (UplinkLab lab = new UplinkLab(MTU)) {
            Process stranger = client("setpriv", "--reuid=65534", "--clear-groups");
            Process client = client();
            try {
                Path name = Path.of("/proc", Long.toString(stranger.pid()), "comm");
                eventually(() -> assertThat(Files.readString(name)).isEqualTo("udhcpc\n"));
                eventually(() -> assertThat(clients(lab)).singleElement().satisfies(each -> {
                    assertThat(each.program()).isEqualTo("udhcpc");
                    assertThat(each.pid()).isEqualTo(client.pid());
                    assertThat(each.arguments()).containsExactly("-c", "read line", "-i", UplinkLab.UPLINK);
                }));
            } finally {
                client.destroyForcibly().waitFor();
                stranger.destroyForcibly().waitFor();
            }
        }
    }
}
