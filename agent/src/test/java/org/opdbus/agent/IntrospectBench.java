// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.opdbus.verticles.testing.Links;

/** How long the description of a network takes, on a host of 500 links with addresses and routes. */
final class IntrospectBench {
    private static final int PAIRS = 250;
    /** Java compiles what runs often; the agent is asked often. */
    private static final int WARM_UPS = 50;

    private static final String REQUEST = "{\"id\":0,\"method\":\"introspect\",\"params\":[]}";
    private static final List<List<String>> LISTINGS = List.of(
            List.of("ip", "-j", "-d", "link"),
            List.of("ip", "-j", "address"),
            List.of("ip", "-j", "route", "show", "table", "all"),
            List.of("ip", "-j", "-6", "route", "show", "table", "all"));

    private final BenchHost host;

    IntrospectBench(BenchHost host) {
        this.host = host;
    }

    void run() {
        Links.batch(IntStream.range(0, PAIRS)
                .boxed()
                .flatMap(i -> Stream.of(
                        "link add in" + i + " type veth peer name out" + i,
                        "link set in" + i + " up",
                        "link set out" + i + " up",
                        "addr add 10.9." + i / 200 + "." + (i % 200 + 1) + "/32 dev in" + i,
                        "route add 10.10." + i + ".0/24 dev in" + i))
                .toList());
        Figure figure = host.figure(
                "`introspect` in the agent with " + 2 * PAIRS + " links (goal: under 50 ms)",
                "`ip -j` of links, addresses and routes",
                "≤ 1");
        try (JsonConnection agent = new JsonConnection(host.scene.agent.controlSocket())) {
            for (int i = 0; i < WARM_UPS; i++) {
                agent.ask(REQUEST);
            }
            for (int i = 0; i < host.rounds(30); i++) {
                long start = System.nanoTime();
                agent.ask(REQUEST);
                double ours = BenchHost.millis(System.nanoTime() - start);
                start = System.nanoTime();
                LISTINGS.forEach(listing -> TestHost.sh(listing.toArray(String[]::new)));
                figure.add(ours, BenchHost.millis(System.nanoTime() - start));
            }
        } finally {
            Links.batch(
                    IntStream.range(0, PAIRS).mapToObj(i -> "link del in" + i).toList());
        }
    }
}
