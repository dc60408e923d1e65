// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.opdbus.verticles.testing.Links;

/** The containers that links are plugged into, and storms of links. */
final class LinkBench implements AutoCloseable {
    /** Links are plugged into these in turn. */
    private static final List<String> CONTAINERS =
            IntStream.range(500, 510).mapToObj(String::valueOf).toList();

    static final String PLUGGED = "vi50\\di.*";

    /** The group of links (ip-link(8)) that are plugged into the containers, so that one command can unplug them. */
    private static final String HOT = "77";

    private final BenchHost host;
    private final List<Long> inits = new ArrayList<>();
    private int number;
    private int turn;

    LinkBench(BenchHost host) {
        this.host = host;
    }

    /** Starts the containers that links are plugged into. */
    void start(SwitchWatch ports) {
        CONTAINERS.forEach(host.scene::run);
        ports.awaitLive("vi50\\d", CONTAINERS.size());
        CONTAINERS.forEach(id -> inits.add(host.scene.lxc.initPid(id)));
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
        Figure work = host.work(figure, links == 200 ? "≤ 1.5" : "");
        for (int i = -1; i < host.rounds(links == 200 ? 15 : links > 500 ? 3 : 5); i++) {
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

    /** Unplugs every link that was plugged in, and waits until no port is left of them. */
    void unplug(SwitchWatch ports) {
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
        StrangerPorts.remove(host, "byfar-", 0, links);
        ports.awaitGone("byfar.*");
    }

    /** The arguments of {@code ip} that make a link into the next container. */
    String intoContainer(String name) {
        return "link add " + name + " group " + HOT + " type veth peer name in" + name + " netns "
                + inits.get(turn++ % inits.size());
    }

    private static void removeHotLinks() {
        Links.ip("link", "del", "group", HOT);
    }

    /** Stops and removes the containers. */
    @Override
    public void close() {
        host.scene.lxc.stopAll(CONTAINERS);
        CONTAINERS.forEach(host.scene.lxc::destroy);
    }
}
