// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;

/** An inventory of which everything changes at random. For one thread. */
public final class RandomInventory {
    private static final int OBJECTS = 40;
    private static final int PEERS = 3;

    public final LiveInventory live = new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH));
    private final InventoryFold facts = new InventoryFold(live, Clock.systemUTC());
    private final ContainerFold containers = new ContainerFold(live, id -> WantedContainer.UNNAMED, Clock.systemUTC());
    private final Random random;

    public RandomInventory(Random random) {
        this.random = random;
    }

    /** Changes something; sometimes so that it is as it was before. */
    public void change() {
        int number = 1 + random.nextInt(OBJECTS);
        boolean isThere = random.nextInt(3) > 0;
        switch (random.nextInt(8)) {
            case 0 -> bridge(number, isThere);
            case 1 -> link(number, isThere);
            case 2 -> source();
            case 3 -> peer(number % PEERS, isThere);
            case 4 -> lab(number % PEERS, isThere);
            case 5 -> port(number, isThere);
            default -> container(number, isThere);
        }
    }

    private void bridge(int number, boolean isThere) {
        Bridge bridge = new Bridge("br" + number, random.nextBoolean() ? "system" : "netdev");
        facts.apply(isThere ? new BridgeAdded(bridge) : new BridgeRemoved(bridge));
    }

    private void link(int number, boolean isThere) {
        Link link = new Link(
                number,
                new LinkName("vi" + number),
                List.of(),
                "veth",
                Optional.empty(),
                0,
                Link.NO_NAMESPACE,
                0,
                random.nextBoolean(),
                random.nextBoolean());
        facts.apply(isThere ? new LinkAppeared(link) : new LinkVanished(link));
    }

    private void source() {
        facts.apply(
                random.nextBoolean()
                        ? new SourceListed(Source.OVSDB, 1)
                        : new SourceLost(Source.OVSDB, "reason \u20ac \n" + random.nextInt(3)));
    }

    private void port(int number, boolean isThere) {
        Port port = new Port(
                "row-" + number,
                "vi" + number,
                "br0",
                Optional.of(random.nextInt(5)),
                Set.of(),
                Optional.empty(),
                Map.of("key", "value \" " + random.nextInt(3)),
                "",
                random.nextInt(3),
                Optional.empty());
        facts.apply(isThere ? new PortAdded(port) : new PortRemoved(port));
    }

    private void container(int number, boolean isThere) {
        ContainerId id = new ContainerId("c" + number);
        containers.looked(List.of(new ContainerNews(id, isThere ? Optional.of(status(id, number)) : Optional.empty())));
    }

    private ContainerStatus status(ContainerId id, int number) {
        LinkStatus link = new LinkStatus(number, "vi" + number, List.of(), Optional.of("br0"), Optional.of(7), 3);
        return new ContainerStatus(
                id, Optional.empty(), true, ContainerPhase.ENROLLED, "why " + random.nextInt(5), "", List.of(link));
    }

    private void peer(int number, boolean isThere) {
        String name = "peer" + number;
        Peer peer = new Peer(
                name, random.nextBoolean(), Instant.EPOCH, random.nextInt(9), random.nextInt(9), "", "1", texts(), 0);
        live.update(now -> now.withPeers(
                isThere ? now.peers().with(name, peer) : now.peers().without(name)));
    }

    /** A peer can say anything, also about one container twice. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            texts.add(
                    random.nextInt(5) == 0
                            ? "no container"
                            : "{\"id\":\"p" + random.nextInt(4) + "\",\"state\":\"s" + random.nextInt(3) + "\"}");
        }
        return texts;
    }

    private void lab(int number, boolean isThere) {
        String name = "lab" + number;
        KnownLab lab =
                new KnownLab(name, "cloonix_" + name, random.nextBoolean(), true, List.of(), List.of(), Map.of());
        live.update(now ->
                now.withLabs(isThere ? now.labs().with(name, lab) : now.labs().without(name)));
    }
}
