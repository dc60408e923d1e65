// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.Links;

/** The verticle on a real bus, with real links in a namespace of their own. */
class NetlinkVerticleIT {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final int USUAL_BUFFER_BYTES = 16 * 1024 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher watcher = new BusWatcher(bus);
    private final RtNetlink kernel = RtNetlink.open();

    @AfterEach
    void close() {
        vertx.close().await();
        Links.batch(kernel.links().stream()
                .filter(link ->
                        link.kind().equals("bridge") || link.isVethIntoNamespace() || link.index() < link.peerIndex())
                .map(link -> "link del " + link.name())
                .toList());
        Links.deleteNamespace("inner");
        kernel.close();
    }

    /** Deploys a verticle that makes no listing unless it lost something, and waits for its first one. */
    private String listen() {
        return listen(new NetlinkVerticle(bus, NEVER, USUAL_BUFFER_BYTES));
    }

    private String listen(NetlinkVerticle verticle) {
        String id = vertx.deployVerticle(verticle).await();
        watcher.expect(SourceListed.class, event -> true);
        return id;
    }

    private <E extends LinkEvent> E expect(Class<E> type, String name) {
        return watcher.expect(type, event -> event.subject().equals(name));
    }

    /** Returns the links according to the events from the beginning on. */
    private Map<Integer, Link> believed() {
        Map<Integer, Link> links = new LinkedHashMap<>();
        for (Event event : watcher.seen()) {
            if (event instanceof LinkVanished gone) {
                links.remove(gone.link().index());
            } else if (event instanceof LinkEvent other) {
                links.put(other.link().index(), other.link());
            }
        }
        return links;
    }

    private void expectBeliefToBecomeTrue() {
        eventually(() -> assertThat(believed().values()).containsExactlyInAnyOrderElementsOf(kernel.links()));
    }

    private static List<String> manyPairs(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "link add " + prefix + "h" + i + " type veth peer name " + prefix + "p" + i)
                .toList();
    }

    @Test
    void what_exists_already_appears_before_the_listing_is_said_to_be_complete() {
        Links.addVeth("host0", "peer0");

        listen();

        List<Event> seen = watcher.seen();
        assertThat(seen.get(3)).isEqualTo(watcher.seen(SourceListed.class).get(0));
        assertThat(watcher.seen(SourceListed.class).get(0).count()).isEqualTo(3);
        assertThat(seen.subList(0, 3)).allMatch(LinkAppeared.class::isInstance);
        expectBeliefToBecomeTrue();
    }

    @Test
    void a_link_appears_is_renamed_and_vanishes() {
        listen();

        Links.addVeth("host0", "peer0");
        int index = expect(LinkAppeared.class, "host0").link().index();
        kernel.rename(index, new LinkName("vi100"));
        LinkChanged renamed = expect(LinkChanged.class, "vi100");
        Links.delete("vi100");
        LinkVanished vanished = expect(LinkVanished.class, "vi100");

        assertThat(renamed.before().name()).isEqualTo(new LinkName("host0"));
        assertThat(renamed.link().index()).isEqualTo(index);
        assertThat(vanished.link().index()).isEqualTo(index);
        expectBeliefToBecomeTrue();
        assertThat(watcher.seen(SourceListed.class)).hasSize(1);
    }

    @Test
    void a_host_end_that_is_down_leads_into_the_namespace_as_soon_as_its_peer_has_moved() {
        Links.addNamespace("inner");
        listen();
        Links.addVeth("host0", "peer0");

        Links.move("peer0", "inner", "eth0");

        Link link = watcher.expect(LinkChanged.class, event -> event.link().isVethIntoNamespace())
                .link();
        try (NetworkNamespace inner = NetworkNamespace.at(Links.namespaceFile("inner"))) {
            assertThat(link.name()).isEqualTo(new LinkName("host0"));
            assertThat(link.peerNamespace()).isEqualTo(kernel.namespaceIdOf(inner));
        }
        expectBeliefToBecomeTrue();

        Links.ipInside("inner", "link", "set", "eth0", "netns", "1");

        expect(LinkAppeared.class, "eth0");
        expectBeliefToBecomeTrue();
    }

    @Test
    void joining_and_leaving_a_linux_bridge_is_a_change_and_no_end() {
        Links.addVeth("host0", "peer0");
        Links.addBridge("br0");
        int bridge = kernel.link("br0").orElseThrow().index();
        listen();

        Links.setMaster("host0", "br0");
        watcher.expect(LinkChanged.class, event -> event.link().master() == bridge);
        Links.setNoMaster("host0");
        watcher.expect(
                LinkChanged.class,
                event -> event.before().master() == bridge && event.link().master() == 0);
        Links.addVeth("after", "last");
        expect(LinkAppeared.class, "after");

        assertThat(watcher.seen(LinkVanished.class)).isEmpty();
        expectBeliefToBecomeTrue();
    }

    @Test
    void another_hardware_address_is_a_change() {
        Links.addVeth("host0", "peer0");
        listen();

        Links.setMac("host0", "02:00:00:00:00:09");

        assertThat(watcher.expect(
                                LinkChanged.class,
                                event -> event.link()
                                        .mac()
                                        .filter("02:00:00:00:00:09"::equals)
                                        .isPresent())
                        .subject())
                .isEqualTo("host0");
    }

    @Test
    void a_burst_of_five_hundred_pairs_is_heard_without_loss() {
        listen();

        Links.batch(manyPairs("burst", 500));

        expectBeliefToBecomeTrue();
        assertThat(believed()).hasSize(1001);
        assertThat(watcher.seen(SourceLost.class)).isEmpty();
        assertThat(watcher.seen(SourceListed.class)).hasSize(1);
    }

    @Test
    void after_an_overrun_of_the_kernels_buffer_the_truth_is_listed_anew() {
        Links.batch(manyPairs("old", 20));
        NetlinkVerticle verticle = new NetlinkVerticle(bus, NEVER, 4096);
        listen(verticle);

        // Holding the hand-over stops the listening thread at its next message.
        synchronized (verticle.handover) {
            Links.batch(manyPairs("new", 100));
            Links.batch(
                    IntStream.range(0, 20).mapToObj(i -> "link del oldh" + i).toList());
        }

        watcher.expect(SourceLost.class, event -> event.reason().equals("overrun"));
        expectBeliefToBecomeTrue();
        assertThat(believed()).hasSize(201);
        eventually(() -> assertThat(watcher.seen(SourceListed.class)).hasSizeGreaterThan(1));
    }

    @Test
    void what_the_kernel_does_not_announce_is_found_by_the_listing_made_now_and_then() {
        Links.addVeth("host0", "peer0");
        listen(new NetlinkVerticle(bus, Duration.ofMillis(100), USUAL_BUFFER_BYTES));

        // The kernel does not announce an alternative name of a link that is down (seen on Linux
        // 6.18).
        kernel.addAltName(kernel.link("host0").orElseThrow().index(), "vi100");

        assertThat(expect(LinkChanged.class, "host0").link().altNames()).containsExactly("vi100");
        assertThat(watcher.seen(SourceLost.class)).isEmpty();
    }

    @Test
    void undeploying_ends_the_listening_thread() {
        String id = listen();
        assertThat(listeningThreads()).hasSize(1);

        vertx.undeploy(id).await();

        assertThat(listeningThreads()).isEmpty();
    }

    private static List<Thread> listeningThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("op-dbus-netlink"))
                .toList();
    }

    @Test
    void without_rights_it_says_which_capability_is_missing() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--inh-caps", "-net_admin", "--bounding-set", "-net_admin", java.toString(), "-cp"));
        Stream.of(System.getProperty("java.class.path"), WithoutRights.class.getName())
                .forEach(command::add);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(output).startsWith("NOT_PERMITTED could not change links").contains("lacks CAP_NET_ADMIN");
    }
}
