// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.opdbus.events.Address;
import org.opdbus.ledger.read.LedgerFold;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.commit.Boot;
import org.opdbus.verticles.commit.OpenEnrollments;
import org.opdbus.verticles.view.Enrollment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The enrolments that the ledger holds open. A file beside the ledger remembers the result for the entries up to a height, so
 * that a start reads only the entries after it.
 */
final class EnrollmentMemory {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");
    private static final long REMEMBERED_EVERY = 10_000;

    private final Boot boot;
    private final LedgerFold fold;

    private EnrollmentMemory(Boot boot, LedgerFold fold) {
        this.boot = boot;
        this.fold = fold;
    }

    /**
     * The memory of the ledger in this folder.
     *
     * @throws IOException if the kernel does not say when the host was booted
     */
    static EnrollmentMemory of(Path ledger) throws IOException {
        Path dir = ledger.toAbsolutePath().normalize();
        return new EnrollmentMemory(Boot.read(), LedgerFold.of(dir, dir.resolveSibling("open-enrollments")));
    }

    /** Reads what is open now, and remembers it. */
    Collection<Enrollment> read() throws IOException {
        return fold.read(() -> new OpenEnrollments(boot)).open();
    }

    /** Remembers after every {@value #REMEMBERED_EVERY} entries, until disposed of, in case this run is killed. */
    Disposable keep(Bus bus, Vertx vertx) {
        return bus.subscribe(Address.ENTRY_COMMITTED, committed -> {
            if (committed.height() % REMEMBERED_EVERY == 0) {
                vertx.executeBlocking(this::read)
                        .onFailure(failure -> LOG.warn("open enrolments not remembered: {}", failure.getMessage()));
            }
        });
    }
}
