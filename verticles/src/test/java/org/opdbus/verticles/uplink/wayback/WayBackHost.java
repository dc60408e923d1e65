// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PrivateOvs;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.Step.Network;
import org.opdbus.verticles.uplink.plan.Step.Setting;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/**
 * A host with an uplink {@code up0} to a router in a namespace of its own, with addresses of both families, routes in two tables and
 * rules, Open vSwitch, and files; and a move of the uplink onto {@code vmbr0}, as a plan and as commands that a test carries out one
 * by one with ip(8) and ovs-vsctl(8).
 */
final class WayBackHost implements AutoCloseable {
    static final String LINK = "up0";
    static final String BRIDGE = "vmbr0";
    private static final String MAC = "02:00:00:00:23:01";
    private static final String ROUTER = "router";
    private static final String SETTING = "/proc/sys/net/ipv4/conf/" + BRIDGE + "/accept_local";
    private static final String LINK_SETTING = "/proc/sys/net/ipv6/conf/" + LINK + "/disable_ipv6";

    final PrivateOvs ovs = new PrivateOvs();
    private static final MoveHolder HOLDER = MoveHolder.ofThisProcess("the test");
    private final Path files;

    /** Makes the host; the files are made in this folder. */
    WayBackHost(Path folder) throws IOException {
        files = Files.createDirectory(folder.resolve("etc"));
        Files.writeString(files.resolve("interfaces"), "iface up0\n# \u00e9\n");
        Files.writeString(files.resolve("dropped"), "old\n");
        ovs.start();
        Links.addNamespace(ROUTER);
        Links.addVethInto(LINK, "r0", ROUTER);
        Links.setMac(LINK, MAC);
        Links.batchInside(
                ROUTER,
                List.of(
                        "addr add 192.0.2.1/24 dev r0",
                        "addr add 198.51.100.1/24 dev r0",
                        "addr add 2001:db8:23::1/64 dev r0 nodad",
                        "link set r0 up"));
        Links.setUp(LINK);
        ip(List.of(
                "addr add 192.0.2.7/24 brd + dev up0",
                "addr add 192.0.2.8/24 dev up0 label up0:x",
                "addr add 198.51.100.7/32 peer 198.51.100.1/32 dev up0 noprefixroute",
                "addr add 2001:db8:23::7/64 dev up0",
                "addr add 2001:db8:24::7/64 dev up0 valid_lft 4000 preferred_lft 3000",
                "route add default via 192.0.2.1 dev up0 proto static metric 100 src 192.0.2.8 mtu 1400",
                "route add 203.0.113.0/24 dev up0 scope link table 100",
                "route add default via 192.0.2.1 dev up0 table 100",
                "route add 10.0.0.0/8 nexthop via 192.0.2.1 dev up0 weight 2 nexthop via 192.0.2.2 dev up0 weight 3",
                "route add default via 2001:db8:23::1 dev up0 metric 50",
                "rule add pref 100 from 192.0.2.8 lookup 100 protocol static",
                "rule add pref 101 iif up0 fwmark 0x1/0xff lookup 100",
                "-6 rule add pref 102 oif up0 to 2001:db8:99::/48 unreachable"));
    }

    /** Not as a batch, in which each line would need the same family. */
    private static void ip(List<String> commands) {
        commands.forEach(command -> Links.ip(command.split(" ")));
    }

    Path file(String name) {
        return files.resolve(name);
    }

    /** Plans the move; the bridge is new, or is there with ports of its own. */
    UplinkPlan plan(String id, boolean creates) throws IOException {
        List<Step> steps = List.of(
                new Step.PrepareBridge(
                        BRIDGE,
                        creates,
                        "netdev",
                        MAC,
                        creates ? Optional.empty() : Optional.of("02:00:00:00:23:99"),
                        1500,
                        creates ? Optional.empty() : Optional.of(1400L)),
                new Step.WriteFiles(List.of(
                        change("interfaces", "iface vmbr0\n"), change("added", "new\n"), change("dropped", null))),
                new Step.RunProgram(
                        "stop a program",
                        List.of("touch", files.resolve("stopped").toString()),
                        List.of("rm", "-f", files.resolve("stopped").toString())),
                new Step.WriteSettings(List.of(new Setting(SETTING, "0", "1"))),
                new Step.AttachLink(LINK, BRIDGE),
                new Step.MoveNetwork(LINK, BRIDGE, network()),
                new Step.WriteSettings(List.of(new Setting(LINK_SETTING, "0", "1"))));
        MoveRequest request = new MoveRequest(Direction.ONTO, LINK, BRIDGE, Duration.ofMinutes(10), List.of(), true);
        return new UplinkPlan(id, request, "ifupdown", steps, List.of());
    }

    private FileChange change(String name, @org.jspecify.annotations.Nullable String after) throws IOException {
        Path file = files.resolve(name);
        Optional<String> before = Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        return new FileChange(file.toString(), before, Optional.ofNullable(after), 0644);
    }

    private static Network network() {
        try (NetworkReader reader = NetworkReader.open()) {
            int index = reader.links().items().stream()
                    .filter(link -> link.name().equals(LINK))
                    .mapToInt(ListedLink::index)
                    .findFirst()
                    .orElseThrow();
            List<ListedAddress> addresses =
                    new ArrayList<>(reader.addresses(IpFamily.IPV4).items());
            // The kernel lists the newest one first.
            List<ListedAddress> six =
                    new ArrayList<>(reader.addresses(IpFamily.IPV6).items());
            Collections.reverse(six);
            addresses.addAll(six);
            addresses.removeIf(address -> address.index() != index);
            List<ListedRoute> routes = both(NetworkReader::routes, reader).stream()
                    .filter(route -> route.nextHops().stream().anyMatch(hop -> hop.index() == index))
                    .filter(route ->
                            route.table() != 255 && !route.destination().startsWith("ff"))
                    .sorted((one, other) -> Boolean.compare(isFar(one), isFar(other)))
                    .toList();
            List<ListedRule> rules = both(NetworkReader::rules, reader).stream()
                    .filter(rule ->
                            rule.inputLink().equals(LINK) || rule.outputLink().equals(LINK))
                    .toList();
            return new Network(addresses, routes, rules);
        }
    }

    private static boolean isFar(ListedRoute route) {
        return route.nextHops().stream().anyMatch(hop -> hop.gateway().isPresent());
    }

    private static <T> List<T> both(
            BiFunction<NetworkReader, IpFamily, org.opdbus.verticles.kernel.netlink.listing.Listed<T>> list,
            NetworkReader reader) {
        List<T> all = new ArrayList<>(list.apply(reader, IpFamily.IPV4).items());
        all.addAll(list.apply(reader, IpFamily.IPV6).items());
        return all;
    }

    /** A command of the move, and the step that it belongs to. */
    record Deed(int step, Runnable command) {}

    /** Returns the commands of the move, in their order. */
    List<Deed> deeds(UplinkPlan plan, boolean creates) {
        List<Deed> deeds = new ArrayList<>();
        String mark = "external_ids:\"op-dbus:uplink-made\"=" + plan.id();
        if (creates) {
            deeds.add(new Deed(
                    0, () -> ovs.vsctl("add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=netdev", mark)));
        }
        deeds.add(new Deed(0, () -> {
            ovs.vsctl("set", "bridge", BRIDGE, "other_config:hwaddr=\"" + MAC + "\"");
            ovs.vsctl("set", "interface", BRIDGE, "mtu_request=1500");
        }));
        deeds.add(new Deed(0, () -> Links.setUp(BRIDGE)));
        deeds.add(new Deed(1, () -> write("interfaces", "iface vmbr0\n")));
        deeds.add(new Deed(1, () -> write("added", "new\n")));
        deeds.add(new Deed(1, () -> delete("dropped")));
        deeds.add(new Deed(2, () -> write("stopped", "")));
        deeds.add(new Deed(3, () -> set(SETTING)));
        String uplink = "external_ids:\"op-dbus:uplink\"=" + plan.id();
        deeds.add(new Deed(4, () -> ovs.vsctl("add-port", BRIDGE, LINK, "--", "set", "port", LINK, uplink)));
        for (List<String> batch : List.of(GIVEN, ROUTED, TAKEN_ROUTES, TAKEN)) {
            deeds.add(new Deed(5, () -> ip(batch)));
        }
        deeds.add(new Deed(6, () -> set(LINK_SETTING)));
        return deeds;
    }

    private static final List<String> GIVEN = List.of(
            "addr add 192.0.2.7/24 brd + dev vmbr0",
            "addr add 192.0.2.8/24 dev vmbr0",
            "addr add 198.51.100.7/32 peer 198.51.100.1/32 dev vmbr0 noprefixroute",
            "addr add 2001:db8:23::7/64 dev vmbr0 nodad",
            "addr add 2001:db8:24::7/64 dev vmbr0 nodad valid_lft 4000 preferred_lft 3000");
    private static final List<String> ROUTED = List.of(
            "route append default via 192.0.2.1 dev vmbr0 proto static metric 100 src 192.0.2.8 mtu 1400",
            "route append 203.0.113.0/24 dev vmbr0 scope link table 100",
            "route append default via 192.0.2.1 dev vmbr0 table 100",
            "route append 10.0.0.0/8 nexthop via 192.0.2.1 dev vmbr0 weight 2 nexthop via 192.0.2.2 dev vmbr0 weight 3",
            "route append default via 2001:db8:23::1 dev vmbr0 metric 50",
            "rule add pref 101 iif vmbr0 fwmark 0x1/0xff lookup 100",
            "-6 rule add pref 102 oif vmbr0 to 2001:db8:99::/48 unreachable");
    private static final List<String> TAKEN_ROUTES = List.of(
            "rule del pref 101 iif up0",
            "-6 rule del pref 102 oif up0",
            "route del default via 2001:db8:23::1 dev up0 metric 50",
            "route del default via 192.0.2.1 dev up0 metric 100");
    private static final List<String> TAKEN = List.of(
            "addr del 2001:db8:24::7/64 dev up0",
            "addr del 2001:db8:23::7/64 dev up0",
            "addr del 198.51.100.7 peer 198.51.100.1/32 dev up0",
            "addr del 192.0.2.8/24 dev up0",
            "addr del 192.0.2.7/24 dev up0");

    private void write(String name, String text) {
        try {
            Files.writeString(files.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(String name) {
        try {
            Files.delete(files.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void set(String setting) {
        try {
            Files.writeString(Path.of(setting), "1\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the bridge that is there before the move, with a port of another program. */
    void addOldBridge() {
        ovs.addBridge(BRIDGE);
        ovs.vsctl("set", "bridge", BRIDGE, "other_config:hwaddr=\"02:00:00:00:23:99\"", "external_ids:mine=yes");
        ovs.vsctl("set", "interface", BRIDGE, "mtu_request=1400");
        ovs.vsctl("add-port", BRIDGE, "other", "--", "set", "interface", "other", "type=internal");
        Links.setUp(BRIDGE);
    }

    /** Returns everything that the move may change, by what it is. */
    Map<String, String> snapshot() throws IOException {
        Map<String, String> seen = new TreeMap<>();
        seen.put(
                "addresses",
                Links.ip("addr", "show", "dev", LINK)
                        .replaceAll("valid_lft [0-9]+sec preferred_lft [0-9]+sec", "limited"));
        seen.put("routes", Links.ip("-4", "-N", "route", "show", "table", "all"));
        seen.put(
                "routes of IPv6",
                Links.ip("-6", "-N", "route", "show", "table", "all").replaceAll("expires [0-9]+sec", "expires"));
        seen.put("rules", Links.ip("-N", "rule") + Links.ip("-6", "-N", "rule"));
        seen.put("links", Links.ip("-o", "link").replaceAll("(?m)^[0-9]+: (ovs-netdev.*\n)?", ""));
        seen.put(
                "bridges",
                ovs.vsctl("--columns=name,datapath_type,fail_mode,other_config,external_ids", "list", "bridge"));
        seen.put("ports", ovs.vsctl("--columns=name,external_ids,other_config", "list", "port"));
        seen.put("interfaces", ovs.vsctl("--columns=name,type,error,mtu_request", "list", "interface"));
        seen.put("setting", Files.readString(Path.of(LINK_SETTING)));
        try (var names = Files.list(files)) {
            for (Path file : names.sorted().toList()) {
                seen.put("file " + file.getFileName(), Files.readString(file) + Files.getPosixFilePermissions(file));
            }
        }
        return seen;
    }

    /** Carries out so many commands of a move; the journal has the beginning of the step of the next one, too. */
    void carryOut(MoveFolder moves, String id, boolean creates, int count) throws IOException {
        carryOut(moves, plan(id, creates), count);
    }

    /** The same, for a plan of this host. */
    void carryOut(MoveFolder moves, UplinkPlan plan, int count) {
        String id = plan.id();
        moves.begin(plan, HOLDER, Instant.now());
        List<Deed> deeds = deeds(plan, ((Step.PrepareBridge) plan.steps().get(0)).creates());
        for (int step = 0; step < plan.steps().size(); step++) {
            int number = step;
            List<Deed> all =
                    deeds.stream().filter(deed -> deed.step() == number).toList();
            List<Deed> now =
                    deeds.subList(0, count).stream().filter(all::contains).toList();
            if (now.isEmpty()) {
                return;
            }
            try {
                moves.step(id, number, () -> {
                    now.forEach(deed -> deed.command().run());
                    if (now.size() < all.size()) {
                        throw new HalfDone();
                    }
                });
            } catch (HalfDone half) {
                return;
            }
        }
    }

    private static final class HalfDone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The kernel first tests a new link-local address. */
    Map<String, String> settled() throws IOException {
        return eventually(() -> {
            assertThat(Links.ip("-6", "addr", "show", "dev", LINK, "scope", "link"))
                    .contains("fe80:");
            assertThat(Links.ip("-6", "addr", "show", "tentative")).isEmpty();
            return snapshot();
        });
    }

    void requireAsBefore(Map<String, String> before, int done) {
        eventually(() -> {
            Map<String, String> now = snapshot();
            assertThat(now.keySet()).isEqualTo(before.keySet());
            now.forEach(
                    (what, text) -> assertThat(text).as(what + " after " + done).isEqualTo(before.get(what)));
        });
    }

    /** The gateways of both families answer; a bridge that is new may lose the first packet. */
    void requireReachable() throws IOException, InterruptedException {
        for (String gateway : List.of("192.0.2.1", "2001:db8:23::1")) {
            Process ping = new ProcessBuilder("ping", "-c", "1", "-w", "10", gateway)
                    .redirectErrorStream(true)
                    .start();
            String text = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(ping.waitFor()).as(text).isZero();
        }
    }

    @Override
    public void close() {
        ovs.close();
        Links.delete(LINK);
        ip(List.of("rule del pref 100", "rule del pref 101", "-6 rule del pref 102"));
        Links.deleteNamespace(ROUTER);
    }
}
