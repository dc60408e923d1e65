// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.nonnet.Tables.RowChange;

/**
 * The rows, which exist only while a client needs them: most hosts have no client, and the rows of a thousand containers would
 * cost their agent memory, and time at each enrolment. The first request that reads rows makes them from the inventory. From
 * then on they follow it, until no client has been connected for a while. For the scheduler's thread only.
 */
final class LiveTables {
    private final LiveInventory inventory;
    private final String host;
    private final Optional<Duration> linger;
    private final Scheduler scheduler;
    private final SerialDisposable leaving = new SerialDisposable();
    private Consumer<List<RowChange>> changes = rows -> {};
    private @Nullable Tables tables;
    private Disposable following = Disposable.disposed();
    private int clients;

    /** Begins without rows, unless they always exist. */
    LiveTables(LiveInventory inventory, NonNetOptions options, Scheduler scheduler) {
        this.inventory = inventory;
        this.scheduler = scheduler;
        host = options.host();
        linger = options.linger();
        if (linger.isEmpty()) {
            make();
        }
    }

    /** Sets the receiver of the changes of the rows. */
    void onChange(Consumer<List<RowChange>> receiver) {
        changes = receiver;
    }

    /** Returns the rows, as the inventory is now or a moment ago. */
    Tables rows() {
        Tables present = tables;
        return present == null ? make() : present;
    }

    /** Returns whether the rows exist at the moment. */
    boolean areMade() {
        return tables != null;
    }

    private Tables make() {
        Tables made = new Tables(host);
        HostTables writer = new HostTables(made, new PeerRows(made, Clock.systemUTC()));
        Inventory now = inventory.current();
        writer.apply(InventoryChange.fromNothing(now));
        made.commit();
        tables = made;
        following = inventory.changesSince(now, scheduler).subscribe(change -> {
            writer.apply(change);
            changes.accept(made.commit());
        });
        return made;
    }

    /** A client has connected. */
    void arrived() {
        clients++;
        leaving.replace(Disposable.disposed());
    }

    /** A client has gone. */
    void left() {
        clients--;
        if (clients == 0) {
            linger.ifPresent(time ->
                    leaving.replace(scheduler.scheduleDirect(this::drop, time.toMillis(), TimeUnit.MILLISECONDS)));
        }
    }

    private void drop() {
        if (clients == 0) {
            following.dispose();
            tables = null;
        }
    }

    /** Ends the work. */
    void close() {
        leaving.dispose();
        following.dispose();
    }
}
