// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.opdbus.agent.Program;
import org.opdbus.verticles.cluster.ClusterListener;
import org.opdbus.verticles.cluster.ClusterVerticle;
import org.opdbus.verticles.cluster.HostRow;
import org.opdbus.verticles.cluster.SeenHost;
import org.opdbus.verticles.cluster.audit.HeldHead;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.control.PeerNews;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.membership.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All hosts of the cluster as this agent sees them: the hosts, their containers, and the facts that peers sent last.
 * Made only if this host is in a cluster. Safe for use by any thread.
 */
final class AllHosts {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");
    /** An answer takes hosts until it has this length; the caller asks again for the rest. */
    private static final long ANSWER_CHARACTERS = 512 * 1024;

    private final String self;
    private final Supplier<List<Member>> members;
    private final LongSupplier height;
    private final LineRing events = new LineRing();
    private final LineRing entries = new LineRing();
    private final BehaviorProcessor<List<Peer>> changes = BehaviorProcessor.createDefault(List.of());
    private final Supplier<List<Peer>> peers;
    private volatile Supplier<Single<List<HeldHead>>> heads = () -> Single.just(List.of());
    private volatile Supplier<Map<String, Long>> forgedByReason = Map::of;
    private volatile Supplier<Map<String, Long>> forgedByMember = Map::of;

    /**
     * Knows no other host before {@link #see}.
     *
     * @param members the members that this host is connected with, itself first
     * @param height of the last entry of this host's ledger
     * @param peers the other hosts by name, as the inventory has them
     */
    AllHosts(String self, Supplier<List<Member>> members, LongSupplier height, Supplier<List<Peer>> peers) {
        this.self = self;
        this.members = members;
        this.height = height;
        this.peers = peers;
    }

    /** From now on shows what this object knows. */
    Disposable see(ClusterVerticle cluster) {
        heads = cluster::heldHeads;
        count(cluster.forged()::byReason, cluster.forged()::byMember);
        return cluster.changes()
                .map(all -> all.stream().map(AllHosts::peer).toList())
                .subscribe(changes::onNext);
    }

    /** Returns what the connected peers hold of this host's ledger, after some 2 s at most. */
    Single<JsonArray> heads() {
        return heads.get()
                .map(all -> new JsonArray(all.stream().map(HeldHead::json).toList()));
    }

    /** From now on shows these numbers of messages that were refused as forged. */
    void count(Supplier<Map<String, Long>> byReason, Supplier<Map<String, Long>> byMember) {
        forgedByReason = byReason;
        forgedByMember = byMember;
    }

    /** Returns how many messages of other hosts were refused as forged, by reason. */
    Map<String, Long> forged() {
        return forgedByReason.get();
    }

    /** Returns the receiver of what peers send. */
    ClusterListener listener(Supplier<Single<JsonArray>> own) {
        return new Ears(own);
    }

    /** Returns the names of the hosts that take part now, this host first if it does. */
    Set<String> present() {
        Set<String> hosts = new LinkedHashSet<>();
        members.get().forEach(member -> hosts.add(member.host()));
        peers.get().stream().filter(Peer::up).forEach(peer -> hosts.add(peer.host()));
        return hosts;
    }

    PeerNews news() {
        return new PeerNews(events, entries);
    }

    private static Peer peer(SeenHost seen) {
        HostRow row = seen.row();
        return new Peer(
                row.host(),
                row.up(),
                row.lastSeen(),
                row.height(),
                seen.held().height(),
                seen.held().hash(),
                row.version(),
                seen.containers(),
                seen.leftOut());
    }

    /** Emits all other hosts, now and whenever one of them changes; a slow subscriber gets only the newest value. */
    Flowable<List<Peer>> changes() {
        return changes.onBackpressureLatest();
    }

    /**
     * Returns hosts by name, this host first, and at the end those of which nothing but forged messages is known: {@code
     * {"hosts": […], "next": …}}. {@code next}, if present, is the
     * {@code after} of the next request.
     *
     * @param given {@code containers}: whether to show them; {@code after}: only hosts whose names come later
     * @param own asks for the containers of this host
     */
    Single<JsonObject> hosts(JsonObject given, Supplier<Single<JsonArray>> own) {
        boolean wantsContainers = given.getBoolean("containers", true);
        if (given.containsKey("after")) {
            return Single.fromCallable(() -> others(given.getString("after"), wantsContainers, new JsonArray()));
        }
        return (wantsContainers ? own.get() : Single.just(new JsonArray())).map(containers -> {
            JsonObject json = new JsonObject()
                    .put("host", self)
                    .put("state", "self")
                    .put(
                            "last_seen",
                            Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                    .put("ledger_height", height.getAsLong())
                    .put("version", Program.version());
            if (wantsContainers) {
                JsonArray shown = new JsonArray();
                containers.forEach(container -> shown.add(of(self, "self", (JsonObject) container)));
                json.put("containers", shown);
            }
            return others("", wantsContainers, new JsonArray().add(json));
        });
    }

    private JsonObject others(String after, boolean wantsContainers, JsonArray hosts) {
        JsonObject answer = new JsonObject().put("hosts", hosts);
        Map<String, Long> forgers = forgedByMember.get();
        long characters = 0;
        String last = after;
        for (Peer host : peers.get()) {
            if (host.host().compareTo(after) <= 0) {
                continue;
            }
            if (characters > ANSWER_CHARACTERS) {
                return answer.put("next", last);
            }
            hosts.add(json(host, forgers.getOrDefault(host.host(), 0L), wantsContainers));
            last = host.host();
            characters += wantsContainers
                    ? host.containers().stream().mapToLong(String::length).sum()
                    : 0;
        }
        unheard(forgers, wantsContainers).forEach(hosts::add);
        return answer;
    }

    /** Returns the members that have forged messages and have shown no head of their own, so that nothing else is known. */
    private List<JsonObject> unheard(Map<String, Long> forgers, boolean wantsContainers) {
        Set<String> known = peers.get().stream().map(Peer::host).collect(Collectors.toUnmodifiableSet());
        return forgers.entrySet().stream()
                .filter(forger -> !known.contains(forger.getKey()) && !self.equals(forger.getKey()))
                .map(forger -> {
                    JsonObject json = new JsonObject()
                            .put("host", forger.getKey())
                            .put("state", "unknown")
                            .put("messages_forged", forger.getValue());
                    return wantsContainers ? json.put("containers", new JsonArray()) : json;
                })
                .toList();
    }

    private static JsonObject json(Peer host, long forgeries, boolean wantsContainers) {
        JsonObject json = new JsonObject()
                .put("host", host.host())
                .put("state", host.up() ? "up" : "away")
                .put("last_seen", host.lastSeen().toString())
                .put("ledger_height", host.height())
                .put("version", host.version());
        if (host.leftOut() > 0) {
            json.put("containers_left_out", host.leftOut());
        }
        if (forgeries > 0) {
            json.put("messages_forged", forgeries);
        }
        if (wantsContainers) {
            JsonArray containers = new JsonArray();
            host.containers()
                    .forEach(container ->
                            containers.add(of(host.host(), json.getString("state"), new JsonObject(container))));
            json.put("containers", containers);
        }
        return json;
    }

    /** Returns a container in the form of {@code query}, with its host and whether its data is current. */
    private static JsonObject of(String host, String state, JsonObject container) {
        return new JsonObject().put("host", host).put("host_state", state).mergeIn(container);
    }

    /** Runs on the cluster's thread, so it only appends, and writes a line to the log. */
    private final class Ears implements ClusterListener {
        private final Supplier<Single<JsonArray>> own;

        private Ears(Supplier<Single<JsonArray>> own) {
            this.own = own;
        }

        @Override
        public void hear(PeerEvent event) {
            LOG.debug("cluster.heard {}", event);
            events.add(PeerEventLines.of(event));
            if (event instanceof PeerEvent.Recorded recorded && entries.isHeard()) {
                entries.add(PeerEventLines.of(recorded.entry()));
            }
        }

        @Override
        public Single<JsonArray> containers() {
            return own.get();
        }
    }
}
