// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges.rows;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;

/** The newest rows of the database, for any thread. */
public interface RowsFeed {
    /**
     * Keeps the feed running until the result is disposed of. The feed connects for the first reader, and closes the connection
     * and forgets the rows after the last.
     */
    Disposable keep();

    /** Returns the newest rows. Without a reader that {@link #keep keeps} the feed there are none. */
    DatabaseRows current();

    /**
     * Emits changes: first from no rows to the present ones, then from the last ones that the reader received to the newest. A
     * reader gets the next change when it has processed the last. This does not end by itself, and does not keep the feed.
     *
     * @param reader the scheduler on which the reader works
     */
    Flowable<RowsChange> changes(Scheduler reader);
}
