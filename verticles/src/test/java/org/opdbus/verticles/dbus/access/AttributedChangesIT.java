// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.CallerEvent.ChangeRequested;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.ForeignConnection;
import org.opdbus.verticles.testing.BusWatcher;

/** What is recorded of a caller that asks for a change: real processes of several users on a real bus. */
class AttributedChangesIT {
    private static final String STOP = "org.opdbus.Container1.Stop";

    private final AccessBench bench = new AccessBench(AccessBench.SHORT);
    private final Bus facts = new Bus(bench.vertx);
    private final BusWatcher watcher = new BusWatcher(facts);
    private final AttributedChanges changes = new AttributedChanges(bench.vertx, bench.identities, facts);

    @AfterEach
    void close() {
        watcher.close();
        bench.close();
    }

    private ChangeRequested record(Caller caller) throws Exception {
        CompletionStage<Object> recorded =
                bench.client.onLoop(() -> Future.succeededFuture(changes.requested(caller, STOP, "web")
                        .toSingleDefault((Object) "")
                        .toCompletionStage()));
        CompletableFuture<Object> done = recorded.toCompletableFuture();
        done.get(BusWatcher.GENEROUS.toSeconds(), TimeUnit.SECONDS);
        return watcher.expect(ChangeRequested.class, fact -> fact.busName().equals(caller.busName()));
    }

    @Test
    void the_process_that_made_the_connection_is_recorded() throws Exception {
        ForeignConnection member = bench.connect(BusUser.MEMBER);

        assertThat(record(new Caller(member.name(), 5, member.pid())))
                .isEqualTo(new ChangeRequested(STOP, "web", 5, member.pid(), "gdbus", "", member.name()));
    }

    @Test
    void a_process_whose_connection_has_ended_is_not_named() throws Exception {
        // Another process has the number of the one that called.
        ForeignConnection gone = bench.connect(BusUser.ROOT);
        gone.close();
        long own = ProcessHandle.current().pid();

        assertThat(record(new Caller(gone.name(), 0, own)))
                .isEqualTo(new ChangeRequested(STOP, "web", 0, own, "", "", gone.name()));
    }

    @Test
    void a_process_of_another_user_is_not_named() throws Exception {
        // The process that connected has ended, and a child of it has kept the connection.
        ForeignConnection member = bench.connect(BusUser.MEMBER);
        long own = ProcessHandle.current().pid();

        assertThat(record(new Caller(member.name(), 5, own)))
                .isEqualTo(new ChangeRequested(STOP, "web", 5, own, "", "", member.name()));
    }

    @Test
    void a_caller_without_a_process_is_recorded() throws Exception {
        String name = bench.connect(BusUser.ROOT).name();

        assertThat(record(new Caller(name, 0, 0))).isEqualTo(new ChangeRequested(STOP, "web", 0, 0, "", "", name));
    }

    @Test
    void a_change_is_recorded_even_if_the_bus_ends() throws Exception {
        ForeignConnection member = bench.connect(BusUser.MEMBER);
        bench.bus.kill();

        assertThat(record(new Caller(member.name(), 5, member.pid())))
                .isEqualTo(new ChangeRequested(STOP, "web", 5, member.pid(), "", "", member.name()));
    }
}
