// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.testing.Links;

/** One link, from the kernel's message until it is live, among a growing number of other ports. */
final class OneLinkBench {
    private static final Map<Integer, String> BESIDE_SCRIPT = Map.of(0, "≤ 0.35", 400, "≤ 0.55");
    private static final Map<Integer, String> BESIDE_RAW = Map.of(0, "≤ 1.5", 400, "≤ 1.15", 1_000, "≤ 1.10");

    private final BenchHost host;
    private final LinkBench containers;
    private final SwitchWatch ports;
    private int number;

    OneLinkBench(BenchHost host, LinkBench containers, SwitchWatch ports) {
        this.host = host;
        this.containers = containers;
        this.ports = ports;
    }

    void run() throws InterruptedException {
        StrangerPorts others = new StrangerPorts(host, ports);
        try (RawSwitch raw = new RawSwitch(host.scene.ovs.socket());
                LinkWatch links = new LinkWatch();
                LeastDeed least = new LeastDeed(raw)) {
            settle(links);
            requireSameRows(links, raw);
            for (int present : host.quick ? new int[] {0, 100} : new int[] {0, 100, 400, 1_000}) {
                others.set(present);
                measure(new Sides(links, raw, least), present);
            }
        }
        others.set(0);
    }

    /** What both sides are measured with. */
    private record Sides(LinkWatch links, RawSwitch raw, LeastDeed least) {}

    private void measure(Sides sides, int present) throws InterruptedException {
        String one = "one link, " + present + " ports present";
        String script = BESIDE_SCRIPT.getOrDefault(present, "");
        String goal = BESIDE_RAW.getOrDefault(present, "");
        Figure waiting = host.figure(one, "`ip` + `ovs-vsctl`", script);
        Figure noWait = host.figure(one, "`ip` + `ovs-vsctl --no-wait`", "");
        Figure client = host.figure(one, "`ip` + `ovsdb-client transact` of the same operations", "");
        Figure raw = host.figure(one, "one raw transaction of the same operations, after `ip`", goal);
        Figure least = host.figure(one, "one `RTM_SETLINK` and that transaction, at the kernel's message", goal);
        Figure name = host.figure(one, "one raw `RTM_SETLINK` (its name)", "");
        for (int i = -host.warmUps(); i < host.rounds(15); i++) {
            double ours = agent(sides.links);
            double scripted = stranger(sides.links, (from, to) -> byScript(from, to, ""));
            double impatient = stranger(sides.links, (from, to) -> byScript(from, to, "--no-wait"));
            double byClient = stranger(sides.links, (from, to) -> {
                long start = System.nanoTime();
                sides.raw.addPortByClient(from, to);
                return start;
            });
            double transaction = stranger(sides.links, (from, to) -> byTransaction(sides.raw, from, to));
            double atOnce = atOnce(sides);
            double named = rename();
            // The first rounds warm both sides up.
            if (i >= 0) {
                waiting.add(ours, scripted);
                noWait.add(ours, impatient);
                client.add(ours, byClient);
                raw.add(ours, transaction);
                least.add(ours, atOnce);
                name.add(ours, named);
            }
        }
    }

    private double agent(LinkWatch links) throws InterruptedException {
        long start = plug(links);
        double took = BenchHost.millis(ports.awaitLive(LinkBench.PLUGGED, 1) - start);
        containers.unplug(ports);
        return took;
    }

    /** Plugs a link into a container; returns when the kernel told of it. */
    private long plug(LinkWatch links) throws InterruptedException {
        String name = "hot" + number++;
        host.rest();
        Links.batch(List.of(containers.intoContainer(name)));
        return links.await(name);
    }

    /** What an alternative does with a link, and when it began. */
    private interface Deed {
        long attach(String from, String to);
    }

    /** An alternative that is called when the program that has made the link has ended. */
    private double stranger(LinkWatch links, Deed deed) throws InterruptedException {
        String name = "far" + number++;
        String to = "by" + number++;
        host.rest();
        Links.batch(List.of(strangersLink(name)));
        links.await(name);
        long began = deed.attach(name, to);
        double took = BenchHost.millis(ports.awaitLive(to, 1) - began);
        remove(to);
        return took;
    }

    /** The least that can be done, and from the same moment as the agent. */
    private double atOnce(Sides sides) throws InterruptedException {
        String name = "far" + number++;
        LinkName to = new LinkName("by" + number++);
        host.rest();
        sides.least.expect(name, to);
        Links.batch(List.of(strangersLink(name)));
        long start = sides.links.await(name);
        sides.least.await();
        double took = BenchHost.millis(ports.awaitLive(to.value(), 1) - start);
        remove(to.value());
        return took;
    }

    /** Like a link of a container, of which one end is in this namespace; but the other end's is no container's. */
    private static String strangersLink(String name) {
        return "link add " + name + " type veth peer name in" + name + " netns " + BenchHost.STRANGE;
    }

    private void remove(String name) {
        host.scene.ovs.vsctl("del-port", TestHost.BRIDGE, name);
        Links.delete(name);
        ports.awaitGone(name);
    }

    /** As a hook does it, from its call. */
    private long byScript(String from, String to, String option) {
        long start = System.nanoTime();
        String db = "--db=unix:" + host.scene.ovs.socket();
        sh(
                "sh",
                "-c",
                "ip link set " + from + " name " + to + " && ovs-vsctl " + option + " " + db + " add-port "
                        + TestHost.BRIDGE + " " + to);
        return start;
    }

    /** From when the link has its name. */
    private static long byTransaction(RawSwitch raw, String from, String to) {
        Links.rename(from, to);
        long start = System.nanoTime();
        raw.addPort(from, to);
        return start;
    }

    /** How long the kernel alone takes to rename an unmanaged link, on an open socket. */
    private double rename() {
        String name = "far" + number++;
        LinkName to = new LinkName("by" + number++);
        Links.batch(List.of(strangersLink(name)));
        try (RtNetlink kernel = RtNetlink.open()) {
            int index = kernel.link(name).orElseThrow().index();
            long start = System.nanoTime();
            kernel.rename(index, to);
            double took = BenchHost.millis(System.nanoTime() - start);
            Links.delete(to.value());
            return took;
        }
    }

    /** A watcher that has begun reports links that are made from now on. */
    private void settle(LinkWatch links) {
        String name = "set" + number++;
        Links.addVeth(name, "p" + name);
        links.awaitAny(() -> Links.batch(List.of("link set " + name + " mtu " + (1400 + number++ % 100))));
        Links.delete(name);
    }

    /** Fails unless the raw transaction writes the columns and keys that the agent's writes. */
    private void requireSameRows(LinkWatch links, RawSwitch raw) throws InterruptedException {
        plug(links);
        ports.awaitLive(LinkBench.PLUGGED, 1);
        String ours = host.scene.ports().stream()
                .filter(port -> port.matches(LinkBench.PLUGGED))
                .findFirst()
                .orElseThrow();
        Set<String> written = shape(ours);
        containers.unplug(ports);
        raw.addPort("former", "by-none");
        Set<String> raws = shape("by-none");
        host.scene.ovs.vsctl("del-port", TestHost.BRIDGE, "by-none");
        ports.awaitGone("by-none");
        assertThat(raws).as("what the raw transaction writes").isEqualTo(written);
    }

    private Set<String> shape(String port) {
        Set<String> shape = new TreeSet<>();
        Rows.of(host.scene.ovs).configuredOf(port).forEach((column, value) -> {
            if (value.path(0).asText().equals("map")) {
                value.path(1)
                        .forEach(pair -> shape.add(column + ":" + pair.path(0).asText()));
            } else if (!isEmptySet(value)) {
                shape.add(column);
            }
        });
        // The height of the ledger entry, which a later transaction writes, once the entry is on disk.
        shape.remove("Port.external_ids:op-dbus:entry");
        return shape;
    }

    private static boolean isEmptySet(JsonNode value) {
        return value.path(0).asText().equals("set") && value.path(1).isEmpty();
    }
}
