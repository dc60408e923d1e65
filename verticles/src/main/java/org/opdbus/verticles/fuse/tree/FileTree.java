// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.tree;

import io.reactivex.rxjava3.core.Flowable;
import java.util.Optional;

/**
 * A tree of files, as it is now. May be called from any thread. A call waits for nothing but the agent's own files on a local disk:
 * entries of the ledger, and the desired state.
 */
public interface FileTree {
    /** The number of the root folder. */
    long ROOT = 1;

    /** Returns the node that has this number now; empty if it is gone or never existed. */
    Optional<Node> node(long id);

    /**
     * Emits every change after {@link #node} shows it, from the subscription on. A subscriber that falls behind loses changes
     * and gets {@link TreeChange.Lost} instead. Never ends.
     */
    Flowable<TreeChange> changes();
}
