// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;

class LiveInventoryTest {
    private static final int CONTAINERS = 1_000;

    private final LiveInventory live = new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH));
    private final InventoryFold facts = new InventoryFold(live, Clock.systemUTC());
    private final ContainerFold containers = new ContainerFold(live, id -> WantedContainer.UNNAMED, Clock.systemUTC());

    private void bridge(String name) {
        facts.apply(new BridgeAdded(new Bridge(name, "system")));
    }

    private static ContainerNews news(int number, String why) {
        ContainerId id = new ContainerId("c" + number);
        LinkStatus link = new LinkStatus(number + 1, "vi" + number, List.of(), Optional.of("br0"), Optional.of(7), 3);
        return new ContainerNews(
                id,
                Optional.of(new ContainerStatus(
                        id, Optional.empty(), true, ContainerPhase.ENROLLED, why, "", List.of(link))));
    }

    @Test
    void every_change_makes_the_next_version_and_what_changes_nothing_makes_none() {
        assertThat(live.current().version()).isZero();
        bridge("br0");
        assertThat(live.current().version()).isEqualTo(1);
        bridge("br0");
        assertThat(live.current().version()).isEqualTo(1);
        Inventory before = live.current();
        bridge("br1");
        assertThat(live.current().version()).isEqualTo(2);
        assertThat(before.bridges().keys()).containsExactly("br0");
    }

    @Test
    void a_reader_gets_what_there_is_and_then_each_change() {
        bridge("br0");
        TestSubscriber<InventoryChange> reader =
                live.changes(Schedulers.trampoline()).test();
        assertThat(reader.values()).singleElement().satisfies(all -> {
            assertThat(all.bridges()).containsExactly("br0");
            assertThat(all.isOfHost()).isTrue();
        });
        bridge("br1");
        assertThat(reader.values()).hasSize(2);
        assertThat(reader.values().get(1).bridges()).containsExactly("br1");
        assertThat(reader.values().get(1).isOfHost()).isFalse();
    }

    @Test
    void a_slow_reader_gets_one_change_with_everything_that_came_meanwhile() {
        TestScheduler time = new TestScheduler();
        TestSubscriber<InventoryChange> reader = live.changes(time).test();
        time.triggerActions();
        for (int i = 0; i < 10_000; i++) {
            bridge("br" + i % 100);
            containers.looked(List.of(news(i % 100, "because " + i)));
        }
        time.triggerActions();
        // One may have been handed over before the last came.
        assertThat(reader.values()).hasSizeBetween(2, 3);
        Inventory dealtWith = Inventory.of(live.current().host());
        for (InventoryChange change : reader.values()) {
            assertThat(change.before().version()).isEqualTo(dealtWith.version());
            dealtWith = change.after();
        }
        assertThat(dealtWith).isSameAs(live.current());
        assertThat(dealtWith.containers().size()).isEqualTo(100);
    }

    @Test
    void what_came_and_went_between_two_looks_does_not_show() {
        TestScheduler time = new TestScheduler();
        TestSubscriber<InventoryChange> reader = live.changes(time).test();
        time.triggerActions();
        containers.looked(List.of(news(1, "")));
        time.triggerActions();
        // This one is on its way to the reader already when the next come.
        containers.looked(List.of(news(3, "")));
        containers.looked(List.of(news(2, "")));
        containers.looked(List.of(new ContainerNews(new ContainerId("c2"), Optional.empty())));
        containers.looked(List.of(news(1, "another")));
        time.triggerActions();
        assertThat(reader.values())
                .allSatisfy(change -> assertThat(change.containers()).doesNotContain(new ContainerId("c2")));
        assertThat(live.current().containersById()).hasSize(2);
    }

    @Test
    void a_container_stands_since_it_stands_so_and_its_mesh_counts() {
        containers.looked(List.of(news(1, "")));
        KnownContainer enrolled = live.current().containersById().get(0);
        containers.looked(List.of(news(1, "for another reason")));
        assertThat(live.current().containersById().get(0).since()).isEqualTo(enrolled.since());
        assertThat(enrolled.state()).isEqualTo("enrolled");

        MeshStanding joining = new MeshStanding(enrolled.id(), "joining", false, "no token", "give one", "", "");
        containers.meshes(Map.of(enrolled.id(), new MeshMembership(Optional.of(joining), List.of("h1 on server"))));
        KnownContainer inMesh = live.current().containersById().get(0);
        assertThat(inMesh.state()).isEqualTo("joining");
        assertThat(inMesh.reason()).isEqualTo("for another reason");

        // What the router says next does not make the mesh forgotten.
        containers.looked(List.of(news(1, "")));
        assertThat(live.current().containersById().get(0).reason()).isEqualTo("no token");
        assertThat(live.current().containersById().get(0).mesh().leftBehind()).containsExactly("h1 on server");
    }

    /** Each writer changes two things at once; a reader that saw one without the other would have seen a torn inventory. */
    @Test
    void no_reader_ever_sees_half_a_change() throws Exception {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int writer = 0; writer < 2; writer++) {
            int first = writer * 2;
            writers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 20_000; i++) {
                    String why = "round " + i;
                    ContainerNews one = news(first, why);
                    ContainerNews other = news(first + 1, why);
                    live.update(now -> now.withContainers(
                            now.containers().with(one.id(), known(one)).with(other.id(), known(other))));
                }
            }));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(writers.toArray(new CompletableFuture<?>[0]));
        long looks = 0;
        long version = 0;
        while (!all.isDone() || looks == 0) {
            Inventory now = live.current();
            assertThat(now.version()).isGreaterThanOrEqualTo(version);
            version = now.version();
            for (int first = 0; first < 4; first += 2) {
                assertThat(why(now, first)).isEqualTo(why(now, first + 1));
            }
            looks++;
        }
        all.get(60, TimeUnit.SECONDS);
        assertThat(live.current().version()).isEqualTo(40_000);
    }

    private static KnownContainer known(ContainerNews news) {
        return new KnownContainer(
                news.status().orElseThrow(), WantedContainer.UNNAMED, MeshMembership.NONE, Instant.EPOCH);
    }

    private static Optional<String> why(Inventory now, int number) {
        return now.containers()
                .get(new ContainerId("c" + number))
                .map(known -> known.status().why());
    }

    /** Counts objects and not time: what a change of one of a thousand containers does not share with the inventory before it. */
    @Test
    void a_change_of_one_container_among_a_thousand_is_found_without_looking_at_the_others() {
        for (int i = 0; i < CONTAINERS; i++) {
            containers.looked(List.of(news(i, "")));
        }
        Inventory before = live.current();
        containers.looked(List.of(news(500, "changed")));
        InventoryChange change = new InventoryChange(before, live.current());
        assertThat(change.containers()).containsExactly(new ContainerId("c500"));
        assertThat(change.after().links()).isSameAs(before.links());
        before.containers().keys().stream()
                .filter(id -> !id.value().equals("c500"))
                .forEach(id -> assertThat(change.after().containers().get(id).orElseThrow())
                        .isSameAs(before.containers().get(id).orElseThrow()));

        long began = System.nanoTime();
        int rounds = 100_000;
        for (int i = 0; i < rounds; i++) {
            containers.looked(List.of(news(i % CONTAINERS, "round " + i)));
        }
        System.err.println("a change of one of " + CONTAINERS + " containers took "
                + (System.nanoTime() - began) / rounds + " ns on average");
    }
}
