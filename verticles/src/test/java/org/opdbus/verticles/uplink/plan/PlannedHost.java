// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute.NextHop;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.Step.Setting;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/**
 * A host that carries steps out as their documentation says, and nothing else. After each step it checks that no address of the host
 * is missing, and that no route or rule names a link that is not there.
 */
final class PlannedHost {
    private static final int BRIDGE_UP = 1 | 1 << 16;

    private final SampleHost host;
    private final Set<String> required = new TreeSet<>();

    PlannedHost(SampleHost host) {
        this.host = host;
        host.addresses.stream()
                .filter(address -> address.index() == SampleHost.ETH0)
                .forEach(address -> required.add(address.address()));
    }

    /** Everything that a move must bring back. */
    record State(
            Set<ListedAddress> addresses,
            Set<ListedRoute> routes,
            Set<ListedRule> rules,
            Set<SwitchBridge> bridges,
            Map<String, Map<String, String>> settings) {}

    State state() {
        Map<String, Map<String, String>> settings = new TreeMap<>();
        host.settings.forEach((link, values) -> settings.put(link, new TreeMap<>(values)));
        return new State(
                new HashSet<>(host.addresses),
                new HashSet<>(host.routes),
                new HashSet<>(host.rules),
                new HashSet<>(host.bridges),
                settings);
    }

    /** What a link has, as if it were another one: for the comparison of the giver before with the receiver after. */
    static Step.Network network(SampleHost host, int link, int as, String name, String asName) {
        return moved(
                new Step.Network(
                        host.addresses.stream()
                                .filter(each -> each.index() == link)
                                .toList(),
                        host.routes.stream()
                                .filter(route -> route.nextHops().stream().anyMatch(hop -> hop.index() == link))
                                .toList(),
                        host.rules.stream()
                                .filter(rule -> rule.inputLink().equals(name)
                                        || rule.outputLink().equals(name))
                                .toList()),
                new Ends(link, as, name, asName));
    }

    record Ends(int from, int to, String fromName, String toName) {}

    void perform(String move, Step step) {
        if (step instanceof Step.PrepareBridge prepare) {
            prepare(move, prepare);
        } else if (step instanceof Step.RestoreBridge restore) {
            restore(restore);
        } else if (step instanceof Step.WriteSettings write) {
            write.settings().forEach(setting -> write(setting, setting.before(), setting.after()));
        } else if (step instanceof Step.AttachLink attach) {
            ports(attach.bridge(), attach.link(), Optional.of(move));
        } else if (step instanceof Step.DetachLink detach) {
            ports(detach.bridge(), detach.link(), Optional.empty());
        } else if (step instanceof Step.MoveNetwork network) {
            move(network.network(), ends(network.from(), network.to()));
        }
        check();
    }

    void undo(String move, Step step) {
        if (step instanceof Step.PrepareBridge prepare) {
            restore(new Step.RestoreBridge(
                    prepare.bridge(),
                    prepare.creates(),
                    prepare.datapath(),
                    prepare.mac(),
                    prepare.formerHwaddr(),
                    prepare.mtu()));
        } else if (step instanceof Step.RestoreBridge restore) {
            prepare(
                    move,
                    new Step.PrepareBridge(
                            restore.bridge(),
                            restore.removes(),
                            restore.datapath(),
                            restore.mac(),
                            restore.formerHwaddr(),
                            restore.mtu()));
        } else if (step instanceof Step.WriteSettings write) {
            write.settings().forEach(setting -> write(setting, setting.after(), setting.before()));
        } else if (step instanceof Step.AttachLink attach) {
            ports(attach.bridge(), attach.link(), Optional.empty());
        } else if (step instanceof Step.DetachLink detach) {
            ports(detach.bridge(), detach.link(), Optional.of(move));
        } else if (step instanceof Step.MoveNetwork network) {
            Ends ends = ends(network.from(), network.to());
            move(moved(network.network(), ends), new Ends(ends.to(), ends.from(), ends.toName(), ends.fromName()));
        }
        check();
    }

    private static Ends ends(String from, String to) {
        boolean isOnto = from.equals("eth0");
        return isOnto
                ? new Ends(SampleHost.ETH0, SampleHost.BR0, from, to)
                : new Ends(SampleHost.BR0, SampleHost.ETH0, from, to);
    }

    private void check() {
        Set<String> present = new TreeSet<>();
        host.addresses.forEach(address -> present.add(address.address()));
        assertThat(present).as("addresses of the host").containsAll(required);
        host.routes.forEach(route -> route.nextHops()
                .forEach(hop -> assertThat(host.links).as("%s", route).anyMatch(link -> link.index() == hop.index())));
    }

    private void prepare(String move, Step.PrepareBridge step) {
        Optional<SwitchBridge> there = host.bridges.stream()
                .filter(each -> each.name().equals(step.bridge()))
                .findFirst();
        assertThat(there.isEmpty()).as("whether the bridge is made").isEqualTo(step.creates());
        if (there.isEmpty()) {
            host.links.add(SampleHost.link(SampleHost.BR0, step.bridge(), "tun", BRIDGE_UP));
            host.settings.put(step.bridge(), new HashMap<>(host.settings.get(UplinkPicture.NEW_LINKS)));
        }
        host.bridges.removeIf(each -> each.name().equals(step.bridge()));
        host.bridges.add(new SwitchBridge(
                step.bridge(),
                step.datapath(),
                Optional.empty(),
                List.of(),
                false,
                Optional.of(step.mac()),
                there.map(SwitchBridge::ports).orElse(List.of()),
                there.map(SwitchBridge::marks).orElse(Map.of()),
                there.map(SwitchBridge::madeBy).orElse(Optional.of(move))));
        host.setting(step.bridge(), LinkSettings.IPV6_MTU, Long.toString(step.mtu()));
    }

    private void restore(Step.RestoreBridge step) {
        SwitchBridge there = host.bridges.stream()
                .filter(each -> each.name().equals(step.bridge()))
                .findFirst()
                .orElseThrow();
        host.bridges.remove(there);
        if (step.removes()) {
            assertThat(there.ports()).as("ports of the bridge that is removed").isEmpty();
            host.links.removeIf(link -> link.index() == SampleHost.BR0);
            host.addresses.removeIf(address -> address.index() == SampleHost.BR0);
            host.settings.remove(step.bridge());
            return;
        }
        host.bridges.add(new SwitchBridge(
                there.name(),
                there.datapath(),
                there.failMode(),
                there.controllers(),
                there.stp(),
                step.formerHwaddr(),
                there.ports(),
                there.marks(),
                there.madeBy()));
    }

    private void ports(String bridge, String link, Optional<String> mark) {
        SwitchBridge there = host.bridges.stream()
                .filter(each -> each.name().equals(bridge))
                .findFirst()
                .orElseThrow();
        List<String> ports = new ArrayList<>(there.ports());
        Map<String, String> marks = new HashMap<>(there.marks());
        ports.remove(link);
        marks.remove(link);
        mark.ifPresent(move -> {
            ports.add(link);
            marks.put(link, move);
        });
        host.bridges.remove(there);
        host.bridges.add(new SwitchBridge(
                there.name(),
                there.datapath(),
                there.failMode(),
                there.controllers(),
                there.stp(),
                there.hwaddr(),
                ports.stream().sorted().toList(),
                marks,
                there.madeBy()));
    }

    private void write(Setting setting, String before, String after) {
        String link = setting.path().contains("/eth0/") ? "eth0" : "br0";
        String path = setting.path().substring("/proc/sys/".length()).replace("/" + link + "/", "/*/");
        assertThat(settings(link).replace(path, after))
                .as("%s before", setting.path())
                .isEqualTo(before);
        if (path.equals(LinkSettings.NO_IPV6) && after.equals("1")) {
            requireNoIpv6(link.equals("eth0") ? SampleHost.ETH0 : SampleHost.BR0);
        }
    }

    private Map<String, String> settings(String link) {
        return Optional.ofNullable(host.settings.get(link)).orElseThrow();
    }

    /** The kernel would remove them. */
    private void requireNoIpv6(int link) {
        assertThat(host.addresses)
                .noneMatch(each ->
                        each.index() == link && each.family() == IpFamily.IPV6 && required.contains(each.address()));
    }

    /** The receiver gets everything; then the giver loses it. */
    private void move(Step.Network network, Ends ends) {
        assertThat(settings("br0").get(LinkSettings.SENDER_CHECK))
                .as("the bridge's check of senders while packets arrive by it and leave by the link")
                .isNotEqualTo("1");
        Step.Network arrived = moved(network, ends);
        arrived.addresses().stream()
                .filter(each -> !host.addresses.contains(each))
                .forEach(host.addresses::add);
        arrived.routes().stream().filter(each -> !host.routes.contains(each)).forEach(host.routes::add);
        arrived.rules().stream().filter(each -> !host.rules.contains(each)).forEach(host.rules::add);
        check();
        host.addresses.removeAll(network.addresses());
        host.routes.removeAll(network.routes());
        host.rules.removeAll(network.rules());
    }

    private static Step.Network moved(Step.Network network, Ends ends) {
        return new Step.Network(
                network.addresses().stream()
                        .map(each -> Copies.on(each, ends.to()))
                        .toList(),
                network.routes().stream().map(each -> moved(each, ends)).toList(),
                network.rules().stream()
                        .map(rule -> Copies.rule(
                                rule,
                                rule.inputLink().equals(ends.fromName()) ? ends.toName() : rule.inputLink(),
                                rule.outputLink().equals(ends.fromName()) ? ends.toName() : rule.outputLink()))
                        .toList());
    }

    private static ListedRoute moved(ListedRoute route, Ends ends) {
        return Copies.over(
                route,
                route.nextHops().stream()
                        .map(hop -> new NextHop(
                                hop.index() == ends.from() ? ends.to() : hop.index(),
                                hop.gateway(),
                                hop.weight(),
                                hop.flags()))
                        .toList());
    }
}
