// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

/** Hosts with real ledgers on a wire that loses, duplicates and reorders messages according to its seed. */
class SiblingsTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    Path folder;

    private final PriorityQueue<Letter> wire =
            new PriorityQueue<>(Comparator.comparingLong(Letter::due).thenComparingLong(Letter::number));
    private final Map<String, Host> hosts = new TreeMap<>();
    private long clock;
    private long letters;
    private int lossPercent;
    private Random chance = new Random(0);

    private record Letter(long due, long number, String to, Buffer bytes) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void every_host_ends_with_every_event_exactly_once(long seed) throws Exception {
        chance = new Random(seed);
        for (String name : NAMES) {
            hosts.put(name, new Host(name));
        }
        run(20);
        lossPercent = 30;
        for (int step = 0; step < 600; step++) {
            Host host = host(NAMES.get(chance.nextInt(NAMES.size())));
            // A burst beyond the window of 64 must come from the ledger.
            int burst = chance.nextInt(60) == 0 ? 150 : chance.nextInt(3);
            for (int i = 0; i < burst; i++) {
                host.happen();
            }
            if (chance.nextInt(150) == 0) {
                host(NAMES.get(chance.nextInt(NAMES.size()))).restart();
            }
            run(1);
        }
        lossPercent = 0;
        run(400);
        for (Host receiver : hosts.values()) {
            for (Host sender : hosts.values()) {
                if (receiver != sender) {
                    sender.isWhollyTo(receiver);
                }
            }
        }
        assertThat(hosts.values().stream().flatMap(host -> host.told.stream()))
                .as("the window was overrun, or nothing was tried")
                .anyMatch(Told.Filled.class::isInstance);
        hosts.values().forEach(host -> host.ledger.close());
    }

    @Test
    void entries_that_another_host_made_up_are_not_told() throws Exception {
        Host a = new Host("a");
        Host b = new Host("b");
        hosts.put("a", a);
        hosts.put("b", b);
        run(20);
        Inbox inbox = new Inbox("b", "x", new Random(1), new Room(1 << 20), new Inbox.Position(1, 0, 0, List.of()));
        inbox.heartbeat(new Message.Heartbeat("x", 2, 1, 1, 1, 1, 0, 1, "", "", ""));
        a.happen();
        a.happen();
        List<String> lines = new OwnLedger(a.dir).lines(1, 1);
        assertThat(lines).hasSize(1);
        assertThatThrownBy(() -> inbox.entries(new Message.Entries("x", 1, lines)))
                .hasMessageContaining("another host");
        hosts.values().forEach(host -> host.ledger.close());
    }

    /** Advances the simulated time by this many steps of 20 ms, with a heartbeat each half second. */
    private void run(int steps) throws InterruptedException {
        for (int i = 0; i < steps; i++) {
            clock += 20;
            for (Host host : hosts.values()) {
                host.turn();
            }
            while (!wire.isEmpty() && wire.peek().due() <= clock) {
                Letter letter = wire.poll();
                Host to = host(letter.to());
                to.siblings.receive(Wire.read(letter.bytes()).orElseThrow());
            }
        }
    }

    private Host host(String name) {
        return Optional.ofNullable(hosts.get(name)).orElseThrow();
    }

    private void post(String to, Buffer bytes) {
        int copies = chance.nextInt(100) < lossPercent ? 0 : chance.nextInt(100) < lossPercent / 2 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = lossPercent == 0 ? 1 : 1 + chance.nextInt(200);
            wire.add(new Letter(clock + delay, letters++, to, bytes));
        }
    }

    private final class Host implements Siblings.Mail {
        private final String name;
        private final Path dir;
        private final FileLedger ledger;
        /** The sequence of each kept fact, by its height, and its epoch. */
        private final Map<Long, String> kept = new HashMap<>();

        private final List<Told> told = new ArrayList<>();
        private Outbox outbox;
        private Siblings siblings;
        private long epoch;
        private long sequence;
        private long beat;
        private int subject;

        private Host(String name) throws IOException {
            this.name = name;
            dir = folder.resolve(name).resolve("ledger");
            Files.createDirectories(dir);
            ledger = FileLedger.open(LedgerOptions.of(dir, name));
            outbox = new Outbox(name, 1, 0, 64);
            siblings = new Siblings(name, outbox, new OwnLedger(dir), this, told::add, chance, Map.of());
            epoch = 1;
        }

        /** A new run of the agent: unsent facts are gone, and so is the window. */
        private void restart() {
            epoch++;
            sequence = 0;
            beat = 0;
            long height = ledger.head().map(Ledger.Head::height).orElse(0L);
            outbox = new Outbox(name, epoch, height, 64);
            siblings = new Siblings(name, outbox, new OwnLedger(dir), this, told::add, chance, siblings.positions());
        }

        private void happen() {
            if (chance.nextInt(4) == 0) {
                append(new SourceListed(Source.NETLINK, 1));
                return;
            }
            Event fact = new AgentStopping(name, "reason " + subject++);
            append(fact);
            String stamp = epoch + "/" + sequence;
            Entry entry = ledger.append(new Draft(fact.kind(), fact.subject(), fact.data()))
                    .join();
            kept.put(entry.height(), stamp);
            append(new EntryCommitted(entry.height(), entry.hash(), fact));
        }

        private void append(Event event) {
            sequence++;
            outbox.append(event, Instant.EPOCH);
        }

        private void turn() {
            if (chance.nextInt(3) == 0) {
                siblings.send();
            }
            if (clock % 500 == 0 || beat == 0) {
                toAll(outbox.heartbeat(++beat, "1", "", ""));
            }
            siblings.ask(clock);
        }

        @Override
        public void toAll(Message message) {
            hosts.keySet().stream().filter(host -> !host.equals(name)).forEach(host -> to(host, message));
        }

        @Override
        public void to(String host, Message message) {
            post(host, Wire.write(message));
        }

        /** Each fact of this host was published there once: live, from the ledger if it was kept, or as missed. */
        private void isWhollyTo(Host other) {
            Map<String, Integer> times = new HashMap<>();
            for (Told each : other.told) {
                if (each.host().equals(name)) {
                    if (each instanceof Told.Live live) {
                        times.merge(live.copy().epoch() + "/" + live.copy().sequence(), 1, Integer::sum);
                    } else if (each instanceof Told.Filled filled) {
                        times.merge(kept.get(filled.entry().height()), 1, Integer::sum);
                    }
                }
            }
            assertThat(times.values()).as("%s at %s", name, other.name).containsOnly(1);
            List<String> keptOnes = new ArrayList<>(kept.values());
            assertThat(times.keySet()).as("%s at %s", name, other.name).containsAll(keptOnes);
            assertThat(LongStream.rangeClosed(1, sequence).mapToObj(s -> epoch + "/" + s))
                    .filteredOn(stamp -> !times.containsKey(stamp))
                    .as("what is missing of the present run of %s at %s was told as missed", name, other.name)
                    .allMatch(stamp -> other.isMissed(name, epoch, stamp));
            assertThat(other.siblings.isCaughtUp(name)).isTrue();
        }

        private boolean isMissed(String host, long run, String stamp) {
            long at = Long.parseLong(stamp.substring(stamp.indexOf('/') + 1));
            return told.stream()
                    .anyMatch(each -> each instanceof Told.Missed missed
                            && missed.host().equals(host)
                            && missed.epoch() == run
                            && missed.from() <= at
                            && at <= missed.to());
        }
    }

    @Test
    void what_one_event_and_one_heartbeat_cost_on_the_wire() {
        Copy copy = new Copy(
                "pve1",
                1_700_000_000_000L,
                1,
                1,
                Instant.EPOCH,
                "container.started",
                "100",
                new JsonObject().put("container", "100"),
                true,
                0);
        int one = Wire.write(new Message.Copies("pve1", List.of(copy))).length();
        int hundred = Wire.write(new Message.Copies("pve1", Collections.nCopies(100, copy)))
                .length();
        int beat = Wire.write(new Message.Heartbeat(
                        "pve1",
                        1_700_000_000_000L,
                        1000,
                        1,
                        1,
                        1,
                        1000,
                        1000,
                        "1.0.0",
                        "n".repeat(180),
                        "k".repeat(80)))
                .length();
        // The figures of docs/CLUSTER-PROTOCOL.md.
        assertThat(List.of(one, hundred / 100, beat)).isEqualTo(List.of(203, 155, 438));
    }
}
