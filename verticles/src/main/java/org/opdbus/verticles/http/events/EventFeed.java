// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.events;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.function.Consumer;

/** Tells about events. */
@FunctionalInterface
public interface EventFeed {
    /**
     * Listens from now on until disposed of. For the event loop.
     *
     * @param line gets a JSON object with at least one key for each event, on the same event loop
     */
    Disposable listen(Consumer<String> line);
}
