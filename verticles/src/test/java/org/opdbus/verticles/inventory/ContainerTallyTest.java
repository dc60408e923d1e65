// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;

/** After any changes the tally is what counting all containers gives. */
class ContainerTallyTest {
    private static final int CONTAINERS = 40;
    private static final int CHANGES = 2_000;
    private static final List<ContainerPhase> PHASES = List.of(ContainerPhase.values());

    private final LiveInventory live = new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH));
    private final ContainerFold containers = new ContainerFold(live, id -> WantedContainer.UNNAMED, Clock.systemUTC());

    private static ContainerNews news(Random random) {
        ContainerId id = new ContainerId("c" + random.nextInt(CONTAINERS));
        if (random.nextInt(4) == 0) {
            return new ContainerNews(id, Optional.empty());
        }
        ContainerPhase phase = PHASES.get(random.nextInt(PHASES.size()));
        List<LinkStatus> links = IntStream.range(0, random.nextInt(3))
                .mapToObj(n -> new LinkStatus(
                        n + 1, "vi" + n, List.of(), Optional.of("br0"), Optional.empty(), random.nextInt(2)))
                .toList();
        return new ContainerNews(
                id,
                Optional.of(new ContainerStatus(
                        id, Optional.empty(), phase != ContainerPhase.STOPPED, phase, "", "", links)));
    }

    @Test
    void it_equals_a_count_of_all_containers() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ContainerTallyTest -Dseed=" + seed);
        Random random = new Random(seed);
        for (int change = 0; change < CHANGES; change++) {
            List<ContainerNews> several = new ArrayList<>();
            IntStream.range(0, 1 + random.nextInt(3)).forEach(n -> several.add(news(random)));
            containers.looked(several);
            check(live.current(), seed);
        }
    }

    private static void check(Inventory now, long seed) {
        List<KnownContainer> all = List.copyOf(now.containers().values());
        ContainerTally tally = now.tally();
        assertThat(tally.running()).as("-Dseed=%d", seed).isEqualTo((int)
                all.stream().filter(one -> one.status().running()).count());
        assertThat(tally.livePorts())
                .as("-Dseed=%d", seed)
                .isEqualTo(all.stream().mapToInt(KnownContainer::livePorts).sum());
        for (Kind kind : Kind.values()) {
            int count = (int) all.stream()
                    .filter(one -> one.kind() == kind && one.status().running())
                    .count();
            assertThat(tally.kinds().getOrDefault(kind, 0))
                    .as("%s -Dseed=%d", kind, seed)
                    .isEqualTo(count);
        }
        for (ContainerPhase phase : ContainerPhase.values()) {
            int count = (int)
                    all.stream().filter(one -> one.status().standing() == phase).count();
            assertThat(tally.count(phase)).as("%s -Dseed=%d", phase, seed).isEqualTo(count);
            assertThat(tally.phases()).containsEntry(KnownContainer.word(phase), count);
        }
    }
}
