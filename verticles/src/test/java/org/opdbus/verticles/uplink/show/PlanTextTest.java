// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/** A plan as a person and as a program reads it. */
final class PlanTextTest {
    private static final String BEFORE =
            "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet static\n\taddress 192.0.2.10/24\n";
    private static final String AFTER = BEFORE.replace("eth0", "vmbr0");

    private static UplinkPlan plan(Step... steps) {
        MoveRequest request = new MoveRequest(Direction.ONTO, "eth0", "vmbr0", Duration.ofMinutes(2), List.of(), true);
        return new UplinkPlan("move-1", request, "ifupdown2", List.of(steps), List.of("Something to know."));
    }

    private static Step.Network network() {
        ListedAddress address = new ListedAddress(
                2,
                IpFamily.IPV6,
                "2001:db8::10",
                64,
                Optional.empty(),
                Optional.empty(),
                "",
                0,
                0x301,
                0,
                Optional.of(7200L),
                Optional.of(3600L),
                Optional.empty());
        ListedRoute route = new ListedRoute(
                IpFamily.IPV4,
                100,
                "0.0.0.0/0",
                Optional.empty(),
                1,
                0,
                4,
                50,
                Optional.of("192.0.2.10"),
                0,
                Optional.of(1400L),
                0,
                Optional.empty(),
                List.of(new NextHop(2, Optional.of("192.0.2.1"), 1, 4)),
                List.of());
        ListedRule rule = new ListedRule(
                IpFamily.IPV4,
                1000,
                1,
                100,
                Optional.empty(),
                4,
                true,
                Optional.of("192.0.2.0/24"),
                Optional.empty(),
                "eth0",
                "",
                Optional.of("0x1/0xff"),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                -1,
                false);
        return new Step.Network(List.of(address), List.of(route), List.of(rule));
    }

    private static UplinkPlan everyStep() {
        return plan(
                new Step.PrepareBridge("vmbr0", true, "netdev", "02:00:00:00:00:01", Optional.empty(), 1500),
                new Step.WriteFiles(List.of(
                        new FileChange("/etc/network/interfaces", Optional.of(BEFORE), Optional.of(AFTER), 0644))),
                new Step.RunProgram("stop the DHCP client of eth0", List.of("kill", "77"), List.of("dhclient", "eth0")),
                new Step.WriteSettings(List.of(new Step.Setting("/proc/sys/net/ipv4/conf/vmbr0/rp_filter", "2", "0"))),
                new Step.AttachLink("eth0", "vmbr0"),
                new Step.MoveNetwork("eth0", "vmbr0", network()),
                new Step.DetachLink("eth0", "vmbr0"),
                new Step.RestoreBridge("vmbr0", true, "netdev", "02:00:00:00:00:01", Optional.empty(), 1500),
                new Step.Announce("vmbr0", "02:00:00:00:00:01", network().addresses()),
                new Step.Probe(
                        "vmbr0",
                        List.of(
                                new ProbeTarget.Neighbour("192.0.2.1"),
                                new ProbeTarget.Tcp("192.0.2.9", 22),
                                new ProbeTarget.Echo("192.0.2.8"))));
    }

    @Test
    void each_step_is_a_numbered_line_with_what_it_changes() {
        List<String> lines = PlanText.of(everyStep());

        assertThat(lines)
                .contains(
                        " 1. Create the bridge vmbr0 with the datapath netdev: hardware address 02:00:00:00:00:01 (that of"
                                + " the link), MTU 1500, up.",
                        " 2. Write for the next boot:",
                        "        -auto eth0",
                        "        +auto vmbr0",
                        " 3. Run a program: stop the DHCP client of eth0.",
                        "      kill 77",
                        "      way back: dhclient eth0",
                        "      /proc/sys/net/ipv4/conf/vmbr0/rp_filter: 2 -> 0",
                        " 5. Make eth0 a port of vmbr0.",
                        "      address 2001:db8::10/64 temporary mngtmpaddr noprefixroute valid 7200 s preferred 3600 s",
                        "      route 0.0.0.0/0 via 192.0.2.1 onlink table 100 proto static src 192.0.2.10 metric 50 mtu"
                                + " 1400",
                        "      rule 1000: not from 192.0.2.0/24 iif eth0 fwmark 0x1/0xff lookup 100",
                        "10. Ask over vmbr0; each must answer: 192.0.2.1, tcp:192.0.2.9:22, icmp:192.0.2.8.",
                        "Note: Something to know.");
        assertThat(lines).anyMatch(line -> line.contains("within 120 s"));
    }

    @Test
    void a_long_argument_is_shown_by_its_beginning_and_tabs_as_spaces() {
        String script = "if something; then ".repeat(20);
        FileChange indented =
                new FileChange("/f", Optional.of("iface a\n"), Optional.of("iface a\n\tmtu 9000\n"), 0644);

        assertThat(PlanText.of(plan(
                        new Step.RunProgram("wait", List.of("/bin/sh", "-c", script), List.of()),
                        new Step.WriteFiles(List.of(indented)))))
                .contains(
                        "      /bin/sh -c " + script.substring(0, 60) + "… (whole with --json)",
                        "        +        mtu 9000");
    }

    @Test
    void a_file_is_shown_by_its_changes_and_two_lines_around_them() {
        String text = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
        FileChange change = new FileChange("/f", Optional.of(text), Optional.of(text.replace("c\n", "C\n")), 0644);

        assertThat(FileDifference.of(change)).containsExactly(" a", " b", "-c", "+C", " d", " e");

        String two = text.replace("b\n", "").replace("k\n", "k\nnew\n");
        assertThat(FileDifference.of(new FileChange("/f", Optional.of(text), Optional.of(two), 0644)))
                .containsExactly(" a", "-b", " c", " d", "...", " j", " k", "+new", " l");
    }

    @Test
    void a_file_that_comes_or_goes_is_shown_whole() {
        assertThat(FileDifference.of(new FileChange("/f", Optional.empty(), Optional.of("a\nb\n"), 0644)))
                .containsExactly("+a", "+b");
        assertThat(FileDifference.of(new FileChange("/f", Optional.of("a\n"), Optional.empty(), 0644)))
                .containsExactly("-a");
    }

    @Test
    void secrets_in_files_are_not_shown() {
        String text = "wpa-psk hunter2\nPrivateKey=abc=\n  password: \"x y\"\naddress 192.0.2.1\n";
        FileChange change = new FileChange("/f", Optional.empty(), Optional.of(text), 0644);

        assertThat(FileDifference.of(change))
                .containsExactly("+wpa-psk ***", "+PrivateKey=***", "+  password: ***", "+address 192.0.2.1");
    }

    @Test
    void control_characters_of_names_and_files_are_escaped() {
        FileChange change = new FileChange("/f\u001b[2J", Optional.empty(), Optional.of("\u001b]0;x\u0007\tok"), 0644);

        assertThat(PlanText.of(plan(new Step.WriteFiles(List.of(change)))))
                .contains("      /f\\u001b[2J (new)", "        +\\u001b]0;x\\u0007        ok");
    }

    @Test
    void the_json_names_each_step_and_has_its_values() {
        JsonObject json = PlanJson.of(everyStep());

        assertThat(json.getString("direction")).isEqualTo("onto");
        assertThat(json.getLong("confirmS")).isEqualTo(120);
        JsonArray steps = json.getJsonArray("steps");
        assertThat(steps.stream().map(step -> ((JsonObject) step).getString("step")))
                .containsExactly(
                        "prepare-bridge",
                        "write-files",
                        "run-program",
                        "write-settings",
                        "attach-link",
                        "move-network",
                        "detach-link",
                        "restore-bridge",
                        "announce",
                        "probe");
        JsonObject moved = steps.getJsonObject(5);
        assertThat(moved.getJsonArray("addresses").getJsonObject(0).getString("address"))
                .isEqualTo("2001:db8::10");
        assertThat(moved.getJsonArray("routes").getJsonObject(0).getJsonArray("gateways"))
                .containsExactly("192.0.2.1");
        assertThat(steps.getJsonObject(9).getJsonArray("targets").getJsonObject(1))
                .isEqualTo(new JsonObject("{\"address\":\"192.0.2.9\",\"kind\":\"tcp\",\"port\":22}"));
        assertThat(json.encode()).doesNotContain("Optional");
    }

    @Test
    void a_refusal_has_each_reason_with_its_remedy() {
        UplinkRefusal refusal = new UplinkRefusal(List.of(new UplinkRefusal.Reason("eth0 is down", "set it up")));

        assertThat(PlanJson.of(refusal))
                .isEqualTo(new JsonObject("{\"reasons\":[{\"why\":\"eth0 is down\",\"remedy\":\"set it up\"}]}"));
    }
}
