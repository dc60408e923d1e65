// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.work.LedgerWork;

class LedgerSearchTest {
    @TempDir
    Path folder;

    private Path dir;

    @BeforeEach
    void keepTheKeyInTheFolder() {
        dir = folder.resolve("ledger");
    }

    private final TestScheduler held = new TestScheduler();

    @Test
    void an_answer_of_the_largest_number_of_entries_is_given_and_one_more_is_refused() {
        write(LedgerSearch.ENTRIES_MAX + 1, "small");
        LedgerSearch search = new LedgerSearch(dir, work(), Schedulers.io());

        assertThat(new JsonArray(search.between(1, LedgerSearch.ENTRIES_MAX).blockingGet()))
                .hasSize(LedgerSearch.ENTRIES_MAX);
        assertLimited(search.between(1, LedgerSearch.ENTRIES_MAX + 1), "fewer heights");
        assertLimited(search.ofCategory("container"), "range of heights");
        assertThat(search.between(LedgerSearch.ENTRIES_MAX + 2, -1).blockingGet())
                .isEqualTo("[]");
        assertThat(search.between(-2, -1).blockingGet()).isEqualTo("[]");
        assertThat(new JsonArray(search.between(0, 2).blockingGet())).hasSize(2);
    }

    @Test
    void an_answer_of_few_large_entries_is_refused_too() {
        write(10, "x".repeat(150_000));
        LedgerSearch search = new LedgerSearch(dir, work(), Schedulers.io());

        assertLimited(search.between(1, 10), "fewer heights");
        assertThat(new JsonArray(search.between(3, 5).blockingGet())).hasSize(3);
    }

    @Test
    void few_searches_go_on_at_once_and_each_gives_its_place_back() {
        write(1, "small");
        LedgerSearch search = new LedgerSearch(dir, work(), held);
        TestObserver<String> first = search.statistics().test();
        TestObserver<String> second = search.ofCategory("container").test();

        assertLimited(search.between(1, 1), "try again");
        first.dispose();
        TestObserver<String> third = search.between(1, 1).test();
        held.triggerActions();
        second.assertValueCount(1);
        third.assertValueCount(1);
    }

    @Test
    void a_folder_without_a_ledger_is_a_failure_with_a_reason() {
        LedgerSearch search = new LedgerSearch(dir.resolve("none"), work(), Schedulers.io());
        assertThatThrownBy(() -> search.statistics().blockingGet()).hasMessageContaining("none");
    }

    private LedgerWork work() {
        return new LedgerWork(dir, Optional::empty, Schedulers.io());
    }

    private void write(int entries, String text) {
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, "here"))) {
            List<CompletableFuture<?>> written = new ArrayList<>();
            for (int i = 0; i < entries; i++) {
                written.add(ledger.append(new Draft("container.enrolled", "c" + i, Map.of("text", text)))
                        .toCompletableFuture());
            }
            CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
        }
    }

    private static void assertLimited(Single<String> search, String remedy) {
        assertThatThrownBy(search::blockingGet)
                .isInstanceOfSatisfying(
                        BusErrorException.class, e -> assertThat(e.name()).endsWith(".LimitsExceeded"))
                .hasMessageContaining(remedy);
    }
}
