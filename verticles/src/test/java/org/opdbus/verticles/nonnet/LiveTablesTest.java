// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.nonnet.Tables.RowChange;

/** The rows exist while a client needs them, and not otherwise. */
class LiveTablesTest {
    private static final Duration LINGER = Duration.ofSeconds(30);

    private final NonNetLab lab = new NonNetLab().start();
    private final TestScheduler time = new TestScheduler();
    private final LiveTables tables = new LiveTables(lab.inventory, options(Optional.of(LINGER)), time);

    private NonNetOptions options(Optional<Duration> linger) {
        NonNetOptions usual = lab.options();
        return new NonNetOptions(
                Path.of("/unused"),
                usual.group(),
                usual.host(),
                usual.clientsMax(),
                usual.monitorsMax(),
                usual.limits(),
                usual.budget(),
                usual.probeInterval(),
                linger);
    }

    @AfterEach
    void close() {
        tables.close();
        lab.close();
    }

    @Test
    void without_a_request_there_are_no_rows() {
        lab.containers(NonNetLab.container("100", true));
        tables.arrived();
        assertThat(tables.areMade()).isFalse();
    }

    @Test
    void the_first_request_finds_everything_and_then_the_rows_follow() {
        lab.containers(NonNetLab.container("100", true));
        tables.arrived();
        List<RowChange> told = new ArrayList<>();
        tables.onChange(told::addAll);
        assertThat(tables.rows().keys(Schema.LXC)).containsExactly("100");

        lab.containers(NonNetLab.container("100", true), NonNetLab.container("101", true));
        time.triggerActions();
        assertThat(tables.rows().keys(Schema.LXC)).containsExactlyInAnyOrder("100", "101");
        // What the first request found is no change.
        assertThat(told).hasSize(1).allMatch(change -> change.before().isEmpty());
    }

    @Test
    void the_rows_go_a_while_after_the_last_client_and_keep_their_identifiers() {
        lab.containers(NonNetLab.container("100", true));
        tables.arrived();
        tables.arrived();
        Tables first = tables.rows();
        tables.left();
        time.advanceTimeBy(LINGER.toSeconds() * 2, TimeUnit.SECONDS);
        assertThat(tables.rows()).isSameAs(first);

        tables.left();
        time.advanceTimeBy(LINGER.toSeconds() - 1, TimeUnit.SECONDS);
        tables.arrived();
        time.advanceTimeBy(LINGER.toSeconds() * 2, TimeUnit.SECONDS);
        assertThat(tables.rows()).isSameAs(first);

        tables.left();
        time.advanceTimeBy(LINGER.toSeconds(), TimeUnit.SECONDS);
        assertThat(tables.areMade()).isFalse();

        tables.arrived();
        assertThat(tables.rows().row(Schema.LXC, "100").orElseThrow().uuid())
                .isEqualTo(first.row(Schema.LXC, "100").orElseThrow().uuid());
    }

    @Test
    void rows_that_always_exist_stay_without_a_client() {
        LiveTables always = new LiveTables(lab.inventory, options(Optional.empty()), time);
        assertThat(always.areMade()).isTrue();
        always.arrived();
        always.left();
        time.advanceTimeBy(LINGER.toSeconds() * 2, TimeUnit.SECONDS);
        assertThat(always.areMade()).isTrue();
        always.close();
    }
}
