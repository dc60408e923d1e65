// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.work;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;

/** Reads the ledger's files, on threads that may wait for the disk. Safe for use by any thread. */
public final class LedgerWork {
    private final Path folder;
    private final Supplier<Optional<Checkpoint>> signed;
    private final Scheduler files;
    private final AtomicReference<Single<Verification>> verifying = new AtomicReference<>();

    /**
     * Creates a reader.
     *
     * @param signed the last checkpoint that the agent declares to be its own
     * @param files where reading may wait
     */
    public LedgerWork(Path folder, Supplier<Optional<Checkpoint>> signed, Scheduler files) {
        this.folder = folder;
        this.signed = signed;
        this.files = files;
    }

    /** Returns an entry; fails with {@link org.opdbus.ledger.LedgerException} if there is none of this height. */
    public Single<Entry> entry(long height) {
        return Single.fromCallable(() -> LedgerReader.of(folder).entry(height)).subscribeOn(files);
    }

    /** Checks every byte of the ledger. Callers that ask while it goes on share the answer. */
    public Single<Verification> verify() {
        Single<Verification> mine = Single.fromCallable(
                        () -> Verifier.of(folder).withAgent(signed).verify())
                .subscribeOn(files)
                .doFinally(() -> verifying.set(null))
                .cache();
        Single<Verification> underWay = verifying.compareAndExchange(null, mine);
        return underWay == null ? mine : underWay;
    }
}
