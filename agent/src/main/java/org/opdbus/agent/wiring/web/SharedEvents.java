// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import org.jspecify.annotations.Nullable;
import org.opdbus.agent.wiring.web.WebFaces.Sources;
import org.opdbus.verticles.http.events.EventLog;

/** The events that all faces show with the same numbers. For the event loop of the server. */
final class SharedEvents {
    private final Sources sources;
    private @Nullable EventLog log;

    SharedEvents(Sources sources) {
        this.sources = sources;
    }

    /** Returns them; the first call makes them. */
    EventLog log() {
        EventLog made = log;
        if (made == null) {
            made = StreamedEvents.log(sources);
            log = made;
        }
        return made;
    }
}
