// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

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
 * Which containers run on this host, as its events and its process table say. Hearing an event costs a look into a map;
 * safe for use by any thread.
 */
final class Running {
    private final Map<String, Life> lives = new ConcurrentHashMap<>();

    /** An init; when it began is looked up when somebody first wants to know. */
    private static final class Life {
        private final long pid;
        private Optional<Instant> since = Optional.empty();

        private Life(long pid) {
            this.pid = pid;
        }

        /** When it began, if it still runs: another process of the same number began at another time. */
        private synchronized Optional<Instant> since() {
            Optional<Instant> now =
                    ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
            if (since.isEmpty()) {
                since = now;
            }
            return now.filter(start -> since.filter(start::equals).isPresent());
        }
    }

    void hear(Event event) {
        if (event instanceof ContainerStarted started) {
            lives.put(started.subject(), new Life(started.initPid()));
        } else if (event instanceof ContainerStopped || event instanceof ContainerRemoved) {
            lives.remove(event.subject());
        }
    }

    /** Those that run as far as was heard. */
    Set<String> ids() {
        return Set.copyOf(lives.keySet());
    }

    boolean has(String id) {
        return lives.containsKey(id);
    }

    /** Since when it runs, if it runs now; looks into the process table. */
    Optional<Instant> since(String id) {
        Life life = lives.get(id);
        return life == null ? Optional.empty() : life.since();
    }
}
