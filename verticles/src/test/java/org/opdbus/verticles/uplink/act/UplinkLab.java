// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.ovsdb.raw.RawDatabase;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PrivateOvs;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.Step.Network;

/** A host with a real Open vSwitch whose uplink {@code up0} leads to a router; the host is this laboratory's own namespace. */
final class UplinkLab implements AutoCloseable {
    static final String UPLINK = "up0";
    static final String BRIDGE = "br0";

    static final String MOVE = "move-1";
    private static final int LOCAL_TABLE = 255;
    private static final int SCOPE_LINK = 253;

    final PrivateOvs ovs = new PrivateOvs();
    final RouterSide router;
    final NetworkSteps steps;
    /**
     * From {@link #attach} on the kernel's own datapath takes each packet that arrives on the link. The userspace datapath takes a
     * copy, and the kernel takes the packet, too; with this switched on, a rule of nftables drops it after the copy was made.
     */
    boolean takesPackets;

    private final Vertx vertx = Vertx.vertx();
    private final RawDatabase database = new RawDatabase(vertx, ovs.socket(), Duration.ofSeconds(5));
    private final int mtu;

    UplinkLab(int mtu) {
        this.mtu = mtu;
        router = new RouterSide(UPLINK, mtu);
        steps = new NetworkSteps(database::transact, "here");
        ovs.start();
    }

    void perform(Step step) {
        steps.perform(MOVE, step);
    }

    /** Carries out operations in the database of Open vSwitch. */
    String transact(String name, String operations) {
        return database.transact(name, operations).blockingGet();
    }

    void prepare() {
        perform(new Step.PrepareBridge(
                BRIDGE, true, "netdev", link(UPLINK).mac().orElseThrow(), Optional.empty(), mtu));
    }

    void attach() {
        perform(new Step.AttachLink(UPLINK, BRIDGE));
    }

    void detach() {
        perform(new Step.DetachLink(UPLINK, BRIDGE));
    }

    void moveNetwork(String from, String to) {
        moveNetwork(from, to, network(from));
    }

    void moveNetwork(String from, String to, Network network) {
        perform(new Step.MoveNetwork(from, to, network));
    }

    /** Switches IPv6 of a link off, or on again. */
    void ipv6(String link, boolean on) {
        perform(new Step.WriteSettings(List.of(new Step.Setting(
                "/proc/sys/net/ipv6/conf/" + link + "/disable_ipv6", on ? "1" : "0", on ? "0" : "1"))));
    }

    void announce(String link) {
        perform(new Step.Announce(
                link, link(link).mac().orElseThrow(), network(link).addresses()));
    }

    void probe(String link, ProbeTarget... targets) {
        perform(new Step.Probe(link, List.of(targets)));
    }

    private void takePackets(boolean isOn) {
        if (takesPackets) {
            RouterSide.runHere(
                    "nft",
                    isOn
                            ? "add table netdev taken; add chain netdev taken every"
                                    + " { type filter hook ingress device " + UPLINK + " priority 0; policy drop; }"
                            : "delete table netdev taken");
        }
    }

    /** Carries out all steps that a move onto the bridge has here. */
    void moveOnto() {
        prepare();
        attach();
        takePackets(true);
        moveNetwork(UPLINK, BRIDGE);
        ipv6(UPLINK, false);
        announce(BRIDGE);
    }

    /** Carries out all steps that a move off the bridge has here. */
    void moveBack() {
        ipv6(UPLINK, true);
        moveNetwork(BRIDGE, UPLINK);
        takePackets(false);
        detach();
        restore(true);
        announce(UPLINK);
    }

    void restore(boolean removes) {
        perform(new Step.RestoreBridge(
                BRIDGE, removes, "netdev", link(UPLINK).mac().orElseThrow(), Optional.empty(), mtu));
    }

    static ListedLink link(String name) {
        try (NetworkReader reader = NetworkReader.open()) {
            return reader.links().items().stream()
                    .filter(link -> link.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no link " + name));
        }
    }

    /** What a link has, as the planner lists it: without what the kernel makes by itself. */
    static Network network(String name) {
        Network all = everything(name);
        return new Network(
                all.addresses().stream()
                        .filter(address -> address.scope() != SCOPE_LINK)
                        .toList(),
                all.routes().stream()
                        .filter(route -> !route.destination().equals("fe80::/64"))
                        .toList(),
                all.rules());
    }

    /** What a link has, with its own address of IPv6. */
    static Network everything(String name) {
        int index = link(name).index();
        List<ListedAddress> addresses = new ArrayList<>();
        List<ListedRoute> routes = new ArrayList<>();
        List<ListedRule> rules = new ArrayList<>();
        try (NetworkReader reader = NetworkReader.open()) {
            for (IpFamily family : IpFamily.values()) {
                reader.addresses(family).items().stream()
                        .filter(address -> address.index() == index)
                        .forEach(addresses::add);
                reader.routes(family).items().stream()
                        .filter(route -> route.table() != LOCAL_TABLE)
                        .filter(route -> route.nextHops().stream().anyMatch(hop -> hop.index() == index))
                        .sorted(Comparator.comparing(UplinkLab::hasGateway))
                        .forEach(routes::add);
                reader.rules(family).items().stream()
                        .filter(rule -> rule.inputLink().equals(name)
                                || rule.outputLink().equals(name))
                        .forEach(rules::add);
            }
        }
        return new Network(addresses, routes, rules);
    }

    private static boolean hasGateway(ListedRoute route) {
        return route.nextHops().stream().anyMatch(hop -> hop.gateway().isPresent());
    }

    /** Waits until the kernel has found that no other host has the link's addresses of IPv6. */
    static void awaitAddresses(String link) {
        eventually(() -> assertThat(Links.ip("-6", "address", "show", "dev", link))
                .contains("scope link")
                .doesNotContain("tentative"));
    }

    /** What {@code ip} says of all routes, addresses and rules of a link, without its name and without times. */
    static Set<String> described(String link) {
        Set<String> lines = new TreeSet<>();
        for (String family : List.of("-4", "-6")) {
            Links.ip(family, "route", "show", "table", "all", "dev", link)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.contains("table local"))
                    .map(line -> "route " + family + " " + withoutTimes(line))
                    .forEach(lines::add);
            Links.ip(family, "-o", "address", "show", "dev", link)
                    .lines()
                    .map(line -> line.substring(line.indexOf("inet")).replace('\\', ' '))
                    .map(line -> "address "
                            + withoutTimes(line.replace(link, "LINK")).replace(" nodad", ""))
                    .forEach(lines::add);
            Links.ip(family, "rule", "show")
                    .lines()
                    .filter(line -> line.contains(" " + link + " "))
                    .map(line -> "rule " + family + " " + line.replace(link, "LINK"))
                    .forEach(lines::add);
        }
        return lines;
    }

    private static String withoutTimes(String line) {
        return line.replaceAll("expires \\d+sec", "expires")
                .replaceAll("_lft \\d+sec", "_lft limited")
                .replaceAll("\\s+", " ");
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        ovs.close();
        Links.ip("rule", "flush");
        Links.batch(List.of("rule add priority 32766 table main", "rule add priority 32767 table default"));
        for (String link : List.of(UPLINK, BRIDGE, "ovs-netdev")) {
            if (Links.ip("-br", "link").lines().anyMatch(line -> line.matches(link + "[@ ].*"))) {
                Links.delete(link);
            }
        }
        router.close();
    }
}
