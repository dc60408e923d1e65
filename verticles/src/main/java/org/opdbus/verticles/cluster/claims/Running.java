// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.claims;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.Event;

/**
 * The containers that run on this host, according to its events and its process table. Processing an event costs one
 * look into a map; safe for use by any thread.
 */
public final class Running {
    private final Map<String, Life> lives = new ConcurrentHashMap<>();

    /** An init; its start time is looked up when it is needed first. */
    private static final class Life {
        private final long pid;
        private Optional<Instant> since = Optional.empty();

        private Life(long pid) {
            this.pid = pid;
        }

        /** Its start time, if it still runs: another process with the same number has another start time. */
        private synchronized Optional<Instant> since() {
            Optional<Instant> now =
                    ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
            if (since.isEmpty()) {
                since = now;
            }
            return now.filter(start -> since.filter(start::equals).isPresent());
        }
    }

    public void hear(Event event) {
        if (event instanceof ContainerStarted started) {
            lives.put(started.subject(), new Life(started.initPid()));
        } else if (event instanceof ContainerStopped || event instanceof ContainerRemoved) {
            lives.remove(event.subject());
        }
    }

    /** Returns the containers that run according to the events. */
    Set<String> ids() {
        return Set.copyOf(lives.keySet());
    }

    boolean has(String id) {
        return lives.containsKey(id);
    }

    /** Returns since when it runs, if it runs now; reads the process table. */
    Optional<Instant> since(String id) {
        Life life = lives.get(id);
        return life == null ? Optional.empty() : life.since();
    }
}
