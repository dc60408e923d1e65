// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.sh;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.testing.Links;

/** Links that are plugged into running containers, one by one and many at once. */
final class LinkBench {
    /** Links are plugged into these in turn. */
    private static final List<String> CONTAINERS =
            IntStream.range(500, 510).mapToObj(String::valueOf).toList();

    private static final String PLUGGED = "vi50\\di.*";

    /** The group of links (ip-link(8)) that are plugged into the containers, so that one command can unplug them. */
    private static final String HOT = "77";

    private final BenchHost host;
    private final List<Long> inits = new ArrayList<>();
    private int number;

    LinkBench(BenchHost host) {
        this.host = host;
    }

    /** Starts the containers that links are plugged into. */
    void start(SwitchWatch ports) {
        CONTAINERS.forEach(host.scene::run);
        ports.awaitLive("vi50\\d", CONTAINERS.size());
        CONTAINERS.forEach(id -> inits.add(host.scene.lxc.initPid(id)));
    }

    /** One link, from the kernel's message until it is live, among a growing number of other ports. */
    void single(SwitchWatch ports) throws IOException, InterruptedException {
        try (RawSwitch raw = new RawSwitch(host.scene.ovs.socket())) {
            int before = 0;
            for (int present : host.quick ? new int[] {0, 100} : new int[] {0, 100, 400, 1_000}) {
                fill(ports, before, present);
                before = present;
                oneLink(ports, raw, present);
            }
            empty(ports, before);
        }
    }

    private void oneLink(SwitchWatch ports, RawSwitch raw, int present) {
        Figure waiting = host.figure(
                "one link, " + present + " ports present",
                "`ip` + `ovs-vsctl`",
                present == 0 ? "≤ 0.10" : present == 400 ? "≤ 0.03" : "");
        Figure noWait = host.figure("one link, " + present + " ports present", "`ip` + `ovs-vsctl --no-wait`", "");
        Figure least = host.figure("one link, " + present + " ports present", "one raw transaction", "");
        Figure name = host.figure("one link, " + present + " ports present", "one raw `RTM_SETLINK` (its name)", "");
        for (int i = -2; i < host.rounds(9); i++) {
            double ours = agentLink(ports);
            double script = strangersLink(ports, (from, to) -> byScript(from, to, ""));
            double impatient = strangersLink(ports, (from, to) -> byScript(from, to, "--no-wait"));
            double transaction = strangersLink(ports, (from, to) -> {
                Links.rename(from, to);
                long start = System.nanoTime();
                raw.addPort(TestHost.BRIDGE, to);
                return start;
            });
            double named = rename();
            // The first rounds warm both sides up.
            if (i >= 0) {
                waiting.add(ours, script);
                noWait.add(ours, impatient);
                least.add(ours, transaction);
                name.add(ours, named);
            }
        }
    }

    private double agentLink(SwitchWatch ports) {
        String name = "hot" + number++;
        try (LinkWatch links = new LinkWatch()) {
            settle(links);
            Links.batch(List.of(intoContainer(name)));
            long start = links.await(name);
            double took = BenchHost.millis(ports.awaitLive(PLUGGED, 1) - start);
            removeHotLinks();
            ports.awaitGone(PLUGGED);
            return took;
        }
    }

    /** How long the kernel alone takes to rename an unmanaged link, on an open socket. */
    private double rename() {
        String name = "far" + number++;
        LinkName to = new LinkName("by" + number++);
        Links.addVeth(name, "p" + name);
        try (RtNetlink kernel = RtNetlink.open()) {
            int index = kernel.link(name).orElseThrow().index();
            long start = System.nanoTime();
            kernel.rename(index, to);
            return BenchHost.millis(System.nanoTime() - start);
        } finally {
            Links.delete("p" + name);
        }
    }

    /** What an alternative does with a link, and when it began. */
    private interface Deed {
        long attach(String from, String to);
    }

    private double strangersLink(SwitchWatch ports, Deed deed) {
        String name = "far" + number++;
        String to = "by" + number++;
        try (LinkWatch links = new LinkWatch()) {
            settle(links);
            Links.addVeth(name, "p" + name);
            long heard = links.await(name);
            long began = deed.attach(name, to);
            double took = BenchHost.millis(ports.awaitLive(to, 1) - Math.max(heard, began));
            host.scene.ovs.vsctl("del-port", TestHost.BRIDGE, to);
            Links.delete(to);
            ports.awaitGone(to);
            return took;
        }
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

    /** A watcher that has begun reports links that are made from now on. */
    private void settle(LinkWatch links) {
        String name = "set" + number++;
        Links.addVeth(name, "p" + name);
        links.awaitAny(() -> Links.batch(List.of("link set " + name + " mtu " + (1400 + number++ % 100))));
        Links.delete(name);
    }

    /** Many links at once. */
    void storms(SwitchWatch ports) {
        for (int links : host.quick ? new int[] {50} : new int[] {10, 50, 200, 1_000}) {
            storm(ports, links);
        }
    }

    private void storm(SwitchWatch ports, int links) {
        Figure figure = host.figure(
                "storm of " + links + " links, made and live",
                "one batched `ip` and `ovs-vsctl`",
                links == 200 ? "≤ 1.3" : "");
        Figure work = host.work(figure);
        for (int i = -1; i < host.rounds(links > 500 ? 3 : 5); i++) {
            double before = MachineTime.millis();
            double ours = agentStorm(ports, links);
            double between = MachineTime.millis();
            unplug(ports);
            double again = MachineTime.millis();
            double batched = batchedStorm(ports, links);
            double after = MachineTime.millis();
            removeStrangers(ports, links);
            if (i >= 0) {
                figure.add(ours, batched);
                work.add(between - before, after - again);
            }
        }
    }

    private void unplug(SwitchWatch ports) {
        removeHotLinks();
        ports.awaitGone(PLUGGED);
    }

    /** Plugs these in, and waits until all are live. */
    double agentStorm(SwitchWatch ports, int links) {
        List<String> commands = IntStream.range(0, links)
                .mapToObj(n -> intoContainer("hot" + number++))
                .toList();
        long start = System.nanoTime();
        Links.batch(commands);
        return BenchHost.millis(ports.awaitLive(PLUGGED, links) - start);
    }

    private double batchedStorm(SwitchWatch ports, int links) {
        List<String> made = new ArrayList<>();
        List<String> renamed = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (int n = 0; n < links; n++) {
            made.add("link add far-" + n + " type veth peer name raf-" + n);
            renamed.add("link set far-" + n + " name byfar-" + n);
            added.addAll(List.of("--", "add-port", TestHost.BRIDGE, "byfar-" + n));
        }
        long start = System.nanoTime();
        Links.batch(made);
        Links.batch(renamed);
        host.scene.ovs.vsctl(added.toArray(String[]::new));
        return BenchHost.millis(ports.awaitLive("byfar.*", links) - start);
    }

    private void removeStrangers(SwitchWatch ports, int links) {
        remove("byfar-", 0, links);
        ports.awaitGone("byfar.*");
    }

    private void fill(SwitchWatch ports, int from, int to) {
        for (int begin = from; begin < to; begin += 100) {
            List<String> made = new ArrayList<>();
            List<String> added = new ArrayList<>();
            for (int n = begin; n < Math.min(to, begin + 100); n++) {
                made.add("link add fill" + n + " type veth peer name llif" + n);
                added.addAll(List.of("--", "add-port", TestHost.BRIDGE, "fill" + n));
            }
            Links.batch(made);
            host.scene.ovs.vsctl(added.toArray(String[]::new));
        }
        if (to > 0) {
            ports.awaitLive("fill.*", to);
        }
    }

    private void empty(SwitchWatch ports, int count) {
        for (int begin = 0; begin < count; begin += 100) {
            remove("fill", begin, Math.min(count, begin + 100));
        }
        ports.awaitGone("fill.*");
    }

    private void remove(String name, int from, int to) {
        List<String> removed = new ArrayList<>();
        List<String> deleted = new ArrayList<>();
        for (int n = from; n < to; n++) {
            removed.addAll(List.of("--", "del-port", TestHost.BRIDGE, name + n));
            deleted.add("link del " + name + n);
        }
        host.scene.ovs.vsctl(removed.toArray(String[]::new));
        Links.batch(deleted);
    }

    private String intoContainer(String name) {
        return "link add " + name + " group " + HOT + " type veth peer name in" + name + " netns "
                + inits.get(number % inits.size());
    }

    private static void removeHotLinks() {
        Links.ip("link", "del", "group", HOT);
    }
}
