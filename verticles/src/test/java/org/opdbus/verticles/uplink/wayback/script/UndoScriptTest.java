// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/** The text of the script; {@code WayBackIT} runs it. */
public class UndoScriptTest {
    private static final String HOSTILE = "a'$(id)\"`\\;b";

    @TempDir
    Path folder;

    @Test
    void a_shell_and_shellcheck_accept_the_script_for_plain_and_for_hostile_values() throws Exception {
        for (String link : List.of("eth0", HOSTILE)) {
            Path script = Files.writeString(folder.resolve("undo.sh"), script(plan(link)));

            assertThat(output("sh", "-n", script.toString())).isEmpty();
            assertThat(output("shellcheck", "--shell=sh", "--exclude=" + EXCLUDED, script.toString()))
                    .isEmpty();
        }
    }

    /**
     * What a generated script may have: a value or a function that this move
     * does not need (SC2034, SC2317, SC2329), and text of the host in single quotes (SC2016).
     */
    private static final String EXCLUDED = "SC2034,SC2317,SC2329,SC2016";

    @Test
    void steps_are_undone_from_last_to_first() throws IOException {
        String script = script(plan("eth0"));

        assertThat(script.lines().filter(line -> line.startsWith("    # Step ")))
                .containsExactly(
                        "    # Step 4: move the addresses and routes of eth0 to vmbr0",
                        "    # Step 3: attach eth0 to vmbr0",
                        "    # Step 2: stop the client of eth0",
                        "    # Step 1: write /etc/network/interfaces, /etc/network/new",
                        "    # Step 0: create the bridge vmbr0",
                        "    # Step 1: write /etc/network/interfaces, /etc/network/new");
    }

    /** The kernel has applied the file of sysctl.d(5) before the boot unit removes it. */
    @Test
    void a_link_that_a_boot_has_made_deaf_answers_arp_again_when_the_files_are_back() {
        UplinkPlan plan = plan("eth0");
        String setting = "/proc/sys/net/ipv4/conf/eth0/arp_ignore";
        List<Step> steps = new ArrayList<>(plan.steps());
        // The power can fail between these two.
        steps.add(new Step.WriteFiles(List.of(
                new FileChange("/etc/sysctl.d/00-op-dbus-eth0.conf", Optional.empty(), Optional.of("deaf\n"), 0644))));
        steps.add(new Step.WriteSettings(List.of(
                new Step.Setting(setting, "0", "8"),
                new Step.Setting("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "0", "1"))));
        String script = script(new UplinkPlan(plan.id(), plan.request(), plan.manager(), steps, plan.notes()));
        String atBoot = """
                    # Step 6, at boot: the files of sysctl.d(5) have been read already
                    if [ -n "$links_are_new" ] && { step 6 || step 5; }; then
                        set_back /proc/sys/net/ipv4/conf/eth0/arp_ignore 0
                    fi
                """;
        assertThat(script).contains(atBoot);
        assertThat(script.indexOf(atBoot)).isGreaterThan(script.indexOf("# Step 5: write"));
    }

    @Test
    void addresses_routes_and_rules_have_all_their_attributes() {
        assertThat(script(plan("eth0")))
                .contains(
                        "give ip -4 addr replace 192.0.2.7/24 dev eth0 broadcast 192.0.2.255 label eth0:1 scope 0 noprefixroute"
                                + " valid_lft \"$(left 3600)\" preferred_lft \"$(left 1800)\"",
                        "give ip -6 addr replace 2001:db8::7/64 dev eth0 nodad noprefixroute",
                        "try ip -6 addr replace 2001:db8::7/64 dev eth0 noprefixroute\n",
                        "give ip -4 route append unicast 0.0.0.0/0 table 254 proto 3 scope 0 metric 100 tos 0x10"
                                + " src 192.0.2.7 mtu 1400 via inet 192.0.2.1 dev eth0 onlink",
                        "give ip -4 rule add pref 100 from 192.0.2.7 iif eth0 fwmark 0x1/0xff protocol 4 table 100",
                        "try ip -4 rule del pref 100 from 192.0.2.7 iif vmbr0 fwmark 0x1/0xff protocol 4 table 100",
                        "try ip -4 addr del 192.0.2.7/24 dev vmbr0");
    }

    @Test
    void a_text_cannot_break_out_of_its_quotes_or_its_comment() {
        assertThat(ShellText.quote("it's")).isEqualTo("'it'\\''s'");
        assertThat(ShellText.json("a\"b'c")).isEqualTo("'\"a\\\"b'\\''c\"'");
        assertThat(ShellText.comment("one\ntouch /tmp/two")).isEqualTo("# one touch /tmp/two");
        assertThat(script(plan(HOSTILE))).contains("remove_port 'a'\\''$(id)\"`\\;b'");
    }

    /** Returns a plan with most kinds of steps. */
    public static UplinkPlan plan(String link) {
        ListedAddress four = address(IpFamily.IPV4, "192.0.2.7", 24, Optional.of("192.0.2.255"), link + ":1", 3600L);
        ListedAddress six = address(IpFamily.IPV6, "2001:db8::7", 64, Optional.empty(), "", null);
        ListedRoute route = new ListedRoute(
                IpFamily.IPV4,
                254,
                "0.0.0.0/0",
                Optional.empty(),
                1,
                0,
                3,
                100,
                Optional.of("192.0.2.7"),
                16,
                Optional.of(1400L),
                0,
                Optional.empty(),
                List.of(new NextHop(2, Optional.of("192.0.2.1"), 1, 4)),
                List.of());
        ListedRule rule = new ListedRule(
                IpFamily.IPV4,
                100,
                1,
                100,
                Optional.empty(),
                4,
                false,
                Optional.of("192.0.2.7"),
                Optional.empty(),
                link,
                "",
                Optional.of("0x1/0xff"),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                -1,
                false);
        List<Step> steps = List.of(
                new Step.PrepareBridge("vmbr0", true, "netdev", "02:00:00:00:00:01", Optional.empty(), 1500),
                new Step.WriteFiles(List.of(
                        new FileChange("/etc/network/interfaces", Optional.of("a\n"), Optional.of("b\n"), 0644),
                        new FileChange("/etc/network/new", Optional.empty(), Optional.of("c\n"), 0644))),
                new Step.RunProgram(
                        "stop the client of " + link, List.of("stop", link), List.of("start", "--now", link)),
                new Step.AttachLink(link, "vmbr0"),
                new Step.MoveNetwork(
                        link, "vmbr0", new Step.Network(List.of(four, six), List.of(route), List.of(rule))));
        MoveRequest request = new MoveRequest(Direction.ONTO, link, "vmbr0", Duration.ofMinutes(2), List.of(), true);
        return new UplinkPlan("m1", request, "ifupdown", steps, List.of());
    }

    private static ListedAddress address(
            IpFamily family,
            String address,
            int prefix,
            Optional<String> broadcast,
            String label,
            @org.jspecify.annotations.Nullable Long validS) {
        return new ListedAddress(
                2,
                family,
                address,
                prefix,
                Optional.empty(),
                broadcast,
                label,
                0,
                validS == null ? 0x80 : 0,
                0,
                Optional.ofNullable(validS),
                Optional.ofNullable(validS).map(valid -> valid / 2),
                Optional.empty());
    }

    private static String script(UplinkPlan plan) {
        Path uplink = Path.of("/var/lib/op-dbus/uplink");
        Path run = Path.of("/var/run/openvswitch");
        return UndoScript.render(
                plan,
                new UndoScript.Surroundings(
                        Instant.ofEpochSecond(1_000),
                        plan.id(),
                        uplink.resolve("move"),
                        uplink.resolve("ended/m1"),
                        uplink.resolve("lock"),
                        run.resolve("db.sock"),
                        run,
                        Path.of("/etc/openvswitch/conf.db")));
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
