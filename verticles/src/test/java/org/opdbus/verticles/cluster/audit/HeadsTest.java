// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.events.ClusterEvent.LedgerForked;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.limits.StateFile;
import org.opdbus.verticles.cluster.wire.Message;

/** How the heads of a host are judged whose real ledger is restored, exchanged or rewritten, as an attacker would. */
class HeadsTest {
    @TempDir
    Path folder;

    private final Heads heads = new Heads("here", SavedHeads.NONE);
    private long beat;
    private long clock = 1_000_000;

    @Test
    void a_ledger_that_grows_is_asked_for_proofs_and_nothing_else_is_said() throws IOException {
        Book book = new Book("b");
        assertThat(hears(book.grown(3))).isEqualTo(Head.Outcome.NOTHING);
        Shown grown = book.grown(2);
        Message.AskProof ask = asked(hears(grown));
        assertThat(heads.proof(book.answer(ask), clock)).isEqualTo(Head.Outcome.NOTHING);
        assertThat(known().good()).isEqualTo(grown.note());
    }

    @Test
    void proofs_are_asked_for_at_a_bounded_rate() throws IOException {
        Book book = new Book("b");
        hears(book.grown(1));
        asked(hears(book.grown(1)));
        clock += Head.ASK_EVERY_MS - 1;
        assertThat(hears(book.grown(1))).isEqualTo(Head.Outcome.NOTHING);
        clock += 1;
        asked(hears(book.grown(1)));
    }

    @Test
    void an_older_copy_of_the_ledger_is_named_once_with_both_checkpoints() throws IOException {
        Book book = new Book("b");
        book.grown(3);
        Book copy = book.copy("copy");
        Shown before = book.grown(4);
        hears(before);
        Shown restored = copy.grown(1);
        LedgerForked fact = named(hearsInNewRun(restored));
        assertThat(fact.reason()).isEqualTo(Contradiction.SHORTER);
        assertThat(fact.host()).isEqualTo("b");
        assertThat(List.of(fact.older(), fact.newer())).containsExactly(before.note(), restored.note());
        assertThat(hears(restored)).isEqualTo(Head.Outcome.NOTHING);
        asked(hears(copy.grown(1)));
        assertThat(heads.of("b").orElseThrow().highest().note())
                .as("what it once had is kept")
                .isEqualTo(before.note());
    }

    @Test
    void as_many_entries_but_others_are_named() throws IOException {
        Book book = new Book("b");
        book.grown(3);
        Book copy = book.copy("copy");
        hears(book.grown(2));
        assertThat(named(hears(copy.grown(2))).reason()).isEqualTo(Contradiction.OTHER_ENTRIES);
    }

    @Test
    void a_rewritten_ledger_that_grew_is_named_when_it_refuses_twice() throws IOException {
        Book book = new Book("b");
        book.grown(3);
        Book copy = book.copy("copy");
        hears(book.grown(2));
        Message.AskProof ask = asked(hears(copy.grown(5)));
        assertThat(heads.proof(copy.answer(ask), clock)).isEqualTo(Head.Outcome.NOTHING);
        clock += Head.ASK_AGAIN_MS;
        ask = asked(hears(copy.grown(1)));
        assertThat(heads.proof(copy.answer(ask), clock).fact())
                .hasValueSatisfying(fact -> assertThat(fact.reason()).isEqualTo(Contradiction.NOT_CONTINUED));
        assertThat(hears(copy.grown(1)).fact()).isEmpty();
    }

    @Test
    void an_older_copy_that_outgrew_what_was_not_proved_yet_is_named() throws IOException {
        Book book = new Book("b");
        hears(book.grown(3));
        Book copy = book.copy("copy");
        Shown before = book.grown(2);
        asked(hears(before));
        clock += Head.ASK_AGAIN_MS;
        Shown outgrown = copy.grown(7);
        Message.AskProof ask = asked(hearsInNewRun(outgrown));
        assertThat(heads.proof(copy.answer(ask), clock)).isEqualTo(Head.Outcome.NOTHING);
        clock += Head.ASK_AGAIN_MS;
        ask = asked(hears(outgrown));
        LedgerForked fact = heads.proof(copy.answer(ask), clock).fact().orElseThrow();
        assertThat(fact.reason()).isEqualTo(Contradiction.NOT_CONTINUED);
        assertThat(List.of(fact.older(), fact.newer())).containsExactly(before.note(), outgrown.note());
    }

    @Test
    void a_ledger_that_went_on_in_a_new_run_is_proved_in_two_steps() throws IOException {
        Book book = new Book("b");
        hears(book.grown(3));
        Shown before = book.grown(2);
        asked(hears(before));
        clock += Head.ASK_AGAIN_MS;
        Shown after = book.grown(1);
        Message.AskProof ask = asked(hearsInNewRun(after));
        heads.proof(book.answer(ask), clock);
        assertThat(known().good()).isEqualTo(before.note());
        clock += Head.ASK_EVERY_MS;
        ask = asked(hears(after));
        heads.proof(book.answer(ask), clock);
        assertThat(known().good()).isEqualTo(after.note());
        assertThat(known().forks()).isEmpty();
        assertThat(known().owed()).isEmpty();
    }

    @Test
    void a_proof_of_something_else_is_none() throws IOException {
        Book book = new Book("b");
        hears(book.grown(3));
        Message.AskProof ask = asked(hears(book.grown(2)));
        Book other = new Book("c");
        Message.AskProof another = new Message.AskProof(
                "here", other.grown(3).note(), other.grown(2).note());
        String text = other.answer(another).text();
        for (String answer : List.of(text, "no proof at all")) {
            heads.proof(new Message.Proof("b", ask.older(), ask.newer(), answer, ""), clock);
            clock += Head.ASK_AGAIN_MS;
            Optional<Message> again = hears(book.grown(1)).ask();
            if (again.isPresent()) {
                ask = (Message.AskProof) again.get();
            }
        }
        assertThat(known().forks()).extracting(SavedHeads.Fork::reason).containsExactly(Contradiction.NOT_CONTINUED);
    }

    @Test
    void one_refusal_that_is_not_said_again_is_no_fork() throws IOException {
        Book book = new Book("b");
        hears(book.grown(3));
        Message.AskProof ask = asked(hears(book.grown(2)));
        heads.proof(new Message.Proof("b", ask.older(), ask.newer(), "", "in a bad mood"), clock);
        clock += Head.ASK_AGAIN_MS;
        Message.AskProof again = asked(hears(book.grown(1)));
        assertThat(heads.proof(book.answer(again), clock)).isEqualTo(Head.Outcome.NOTHING);
        assertThat(known().forks()).isEmpty();
    }

    @Test
    void a_heartbeat_that_comes_late_says_nothing() throws IOException {
        Book book = new Book("b");
        Shown early = book.grown(1);
        Shown late = book.grown(4);
        Message.LedgerHead first = beat(early);
        hears(late);
        assertThat(heads.heartbeat(first, clock)).isEqualTo(Head.Outcome.NOTHING);
        assertThat(known().latest()).isEqualTo(late.note());
    }

    @Test
    void an_unsigned_checkpoint_is_logged_and_is_no_fork() throws IOException {
        Book book = new Book("b");
        Shown shown = book.grown(3);
        hears(shown);
        String changed = shown.note().replaceFirst("\n3\n", "\n2\n");
        assertThat(changed).isNotEqualTo(shown.note());
        for (String note : List.of(
                changed, "rubbish", shown.note().substring(0, shown.note().indexOf("\n\n") + 2))) {
            Head.Outcome outcome = hears(new Shown(note, shown.key()));
            assertThat(outcome.fact()).isEmpty();
            assertThat(outcome.complaint()).isPresent();
        }
        assertThat(hears(new Shown("", shown.key()))).isEqualTo(Head.Outcome.NOTHING);
        assertThat(known().latest()).isEqualTo(shown.note());
    }

    @Test
    void another_key_is_named_if_it_signs_and_complained_of_if_not() throws IOException {
        Book book = new Book("b");
        Shown shown = book.grown(3);
        hears(shown);
        Shown other = new Book("other").grown(9);
        assertThat(hears(new Shown(shown.note(), other.key())).complaint()).isPresent();
        assertThat(named(hears(other)).reason()).isEqualTo(Contradiction.OTHER_KEY);
        assertThat(hears(other)).isEqualTo(Head.Outcome.NOTHING);
    }

    @Test
    void a_host_that_flips_between_two_histories_does_not_fill_our_ledger() throws IOException {
        Book book = new Book("b");
        Shown small = book.grown(1);
        Shown great = book.grown(1);
        hears(great);
        int told = 0;
        for (int i = 0; i < 50; i++) {
            told += hearsInNewRun(small).fact().isPresent() ? 1 : 0;
            told += hearsInNewRun(great).fact().isPresent() ? 1 : 0;
        }
        assertThat(told).isEqualTo(Head.FORKS_AN_HOUR_MAX);
    }

    private StateFile<SavedHeads> headsFile() {
        return new StateFile<>(
                folder.resolve("heads.json"), SavedHeads.NONE, System::nanoTime, new PeerWarnings(System::nanoTime));
    }

    private Heads fromFile() throws IOException {
        return headsFile().read(saved -> new Heads("here", saved));
    }

    @Test
    void a_restart_remembers_and_does_not_tell_again() throws IOException {
        Path file = folder.resolve("heads.json");
        Book book = new Book("b");
        Book copy = book.copy("copy");
        Shown before = book.grown(3);
        hears(before);
        headsFile().write(heads.saved());
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Heads again = fromFile();
        Shown restored = copy.grown(1);
        assertThat(again.heartbeat(beat(restored), clock).fact()).isPresent();
        headsFile().write(again.saved());
        Heads third = fromFile();
        assertThat(third.heartbeat(beat(restored), clock)).isEqualTo(Head.Outcome.NOTHING);
        assertThat(third.saved().hosts())
                .singleElement()
                .satisfies(known -> assertThat(known.forks())
                        .containsExactly(new SavedHeads.Fork(Contradiction.SHORTER, before.note(), restored.note())));
    }

    @Test
    void evidence_that_cannot_be_read_is_set_aside() throws IOException {
        Path file = folder.resolve("heads.json");
        Files.writeString(file, "{\"hosts\":[{\"host\":\"b\"}]}");
        assertThat(fromFile().saved()).isEqualTo(SavedHeads.NONE);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .startsWith("heads.json.unreadable-");
        }
    }

    private SavedHeads.Known known() {
        return heads.saved().hosts().stream()
                .filter(each -> each.host().equals("b"))
                .findFirst()
                .orElseThrow();
    }

    private Head.Outcome hears(Shown shown) {
        return heads.heartbeat(beat(shown), clock);
    }

    private Head.Outcome hearsInNewRun(Shown shown) {
        beat += 1_000_000;
        return hears(shown);
    }

    /** The thousandth heartbeat begins a new run. */
    private Message.LedgerHead beat(Shown shown) {
        beat++;
        long run = 1 + beat / 1_000_000;
        return new Message.LedgerHead("b", run, beat, 0, 0, "1", shown.note(), shown.key(), 0, 0);
    }

    private static Message.AskProof asked(Head.Outcome outcome) {
        assertThat(outcome.fact()).isEmpty();
        return (Message.AskProof) outcome.ask().orElseThrow();
    }

    private static LedgerForked named(Head.Outcome outcome) {
        assertThat(outcome.ask()).isEmpty();
        return outcome.fact().orElseThrow();
    }

    private record Shown(String note, String key) {}

    /** A real ledger of a host called b, between two openings. */
    private final class Book {
        private final Path home;

        private Book(String name) {
            home = folder.resolve(name);
        }

        private Shown grown(int entries) throws IOException {
            Files.createDirectories(home);
            String key;
            try (FileLedger ledger = FileLedger.open(LedgerOptions.of(home.resolve("ledger"), "b"))) {
                for (int i = 0; i < entries; i++) {
                    ledger.append(new Draft("container.started", "100", Map.of("from", home.toString())))
                            .join();
                }
                key = ledger.key().toString();
            }
            return new Shown(Files.readString(home.resolve("ledger").resolve("checkpoint")), key);
        }

        private Book copy(String name) throws IOException {
            if (!Files.exists(home)) {
                grown(0);
            }
            Book copy = new Book(name);
            try (Stream<Path> files = Files.walk(home)) {
                for (Path each : files.toList()) {
                    Files.copy(each, copy.home.resolve(home.relativize(each).toString()));
                }
            }
            return copy;
        }

        private Message.Proof answer(Message.AskProof ask) {
            try {
                String text = new ProofService("b", home.resolve("ledger"), (host, message) -> {})
                        .proof(ask.older(), ask.newer());
                return new Message.Proof("b", ask.older(), ask.newer(), text, "");
            } catch (LedgerException e) {
                return new Message.Proof("b", ask.older(), ask.newer(), "", String.valueOf(e.getMessage()));
            }
        }
    }
}
