// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import io.reactivex.rxjava3.core.Single;

/** Finds the links of one owner. The package documentation says what it promises. For any thread. */
public interface OwnershipReader {
    /** Returns what it asks or reads, for messages. */
    String subject();

    /**
     * Asks or reads once. Subscribing does not block.
     *
     * @return may fail, or never end; the caller limits the time and tells the failure
     */
    Single<Findings> read(HostLinks host);
}
