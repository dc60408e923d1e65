// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.ProcessorClock;
import org.opdbus.verticles.testing.StrangerSockets;

/**
 * What the agent costs for what does not concern it: other programs' links and their unix sockets, of which a host may have
 * thousands.
 */
final class StrangersBench {
    /** Where the other end of a stranger's link is, and the words of {@code ip} for that. */
    private enum Kind {
        IN_HOST("both ends in the host", ""),
        ELSEWHERE("other end in a stranger's namespace", " netns " + BenchHost.STRANGE);

        private final String text;
        private final String words;

        Kind(String text, String words) {
            this.text = text;
            this.words = words;
        }
    }

    private static final long PAUSE_MS = 5;

    private final BenchHost host;
    private final SwitchWatch ports;
    private final int links;
    private final int sockets;

    StrangersBench(BenchHost host, SwitchWatch ports) {
        this.host = host;
        this.ports = ports;
        links = host.quick ? 20 : 200;
        sockets = host.quick ? 1_000 : 20_000;
    }

    /** The processor time for one link, in microseconds. */
    private record Cost(double agent, double ovs) {}

    /** What is measured at one number of sockets. */
    private record Sample(List<Cost> costs, OneContainer.Start start) {}

    /** The figures of one kind of link. */
    private record LinkFigures(Figure cost, Figure withSockets) {}

    void run() throws IOException, InterruptedException {
        String many = String.format(Locale.ROOT, "with %,d strangers' unix sockets", sockets);
        List<LinkFigures> costs = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            String what = "a stranger's link, " + kind.text + ": processor time of the agent";
            costs.add(new LinkFigures(
                    host.figure(what, "µs", "that of `ovs-vswitchd` for the same link", "≤ 200 µs"),
                    host.figure(what + ", " + many, "µs", "with none", "≤ 1.1")));
        }
        String one = "one container, `lxc-start` ";
        Figure called = host.figure(one + "called until its port is live, " + many, "with none", "≤ 1.1");
        Figure returned = host.figure(one + "returned until its port is live, " + many, "with none", "≤ 1.1");
        int leftOut = 0;
        try (OneContainer container = OneContainer.ours(host, ports)) {
            for (int i = -1; i < host.rounds(15); i++) {
                Sample none = sample(container);
                Sample some = sampleWithSockets(container);
                if (i < 0) {
                    continue;
                }
                for (int kind = 0; kind < costs.size(); kind++) {
                    Cost cost = none.costs.get(kind);
                    costs.get(kind).cost.add(cost.agent, cost.ovs);
                    costs.get(kind).withSockets.add(some.costs.get(kind).agent, cost.agent);
                }
                called.add(some.start.live(), none.start.live());
                if (some.start.afterReturn() > 0 && none.start.afterReturn() > 0) {
                    returned.add(some.start.afterReturn(), none.start.afterReturn());
                } else {
                    leftOut++;
                }
            }
        }
        host.alone("rounds without a ratio from the return of `lxc-start`, because a port was live before", leftOut);
    }

    private Sample sampleWithSockets(OneContainer container) throws IOException, InterruptedException {
        StrangerSockets present = StrangerSockets.open(sockets);
        try {
            return sample(container);
        } finally {
            present.close();
        }
    }

    private Sample sample(OneContainer container) throws IOException, InterruptedException {
        List<Cost> costs = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            costs.add(cost(kind));
        }
        return new Sample(costs, container.start());
    }

    /** Makes and deletes links one after the other, at a pace that leaves both programs time to finish each. */
    private Cost cost(Kind kind) throws IOException, InterruptedException {
        ProcessorClock agent = host.agentClock();
        ProcessorClock ovs = host.switchClock();
        List<String> commands = IntStream.range(0, links)
                .boxed()
                .flatMap(n ->
                        List.of("link add far" + n + " type veth peer name raf" + n + kind.words, "link del far" + n)
                                .stream())
                .toList();
        host.rest();
        long agentBefore = agent.nanos();
        long ovsBefore = ovs.nanos();
        Links.paced(commands, PAUSE_MS);
        host.rest();
        return new Cost(perLink(agent.nanos() - agentBefore), perLink(ovs.nanos() - ovsBefore));
    }

    private double perLink(long nanos) {
        return nanos / 1e3 / links;
    }
}
