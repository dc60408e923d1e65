// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;

/** A reader that only reads files, on the thread that subscribes. */
abstract class FileReader implements OwnershipReader {
    private final String subject;

    FileReader(String subject) {
        this.subject = subject;
    }

    @Override
    public final String subject() {
        return subject;
    }

    @Override
    public final Single<Findings> read(HostLinks host) {
        return Single.fromCallable(() -> look(host));
    }

    /**
     * Reads the files once.
     *
     * @throws IOException if something cannot be read without which no claim can be made
     */
    abstract Findings look(HostLinks host) throws IOException;
}
