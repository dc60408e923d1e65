// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.journal;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.Map;
import java.util.stream.Collectors;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ClusterEvent;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.events.StateEvent.ApplyFailed;
import org.opdbus.events.UplinkEvent.RevertFailed;
import org.opdbus.events.UplinkEvent.UplinkContested;
import org.opdbus.events.UplinkEvent.UplinkReverted;
import org.opdbus.verticles.bus.Bus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs every fact: at INFO if the ledger keeps it, at WARN if an operator should look at it, at
 * DEBUG otherwise.
 */
public final class JournalVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");

    private final Bus bus;
    private Disposable subscription = Disposable.disposed();

    public JournalVerticle(Bus bus) {
        this.bus = bus;
    }

    @Override
    public Completable rxStart() {
        subscription = bus.subscribeAll(JournalVerticle::log);
        return Completable.complete();
    }

    private static void log(Event fact) {
        Level level = levelOf(fact);
        if (LOG.isEnabledForLevel(level)) {
            // The kind is part of the format and not an argument, so that log lines of different
            // kinds never count as repeats of each other.
            LOG.atLevel(level).log(fact.kind() + "{}", words(fact.data()));
        }
    }

    static Level levelOf(Event fact) {
        if (fact instanceof EnrollmentRefused
                || fact instanceof EnrollmentLost
                || fact instanceof DriftSeen
                || fact instanceof ApplyFailed
                || fact instanceof SourceLost
                || fact instanceof UplinkReverted
                || fact instanceof RevertFailed
                || fact instanceof UplinkContested
                || fact instanceof LedgerDegraded
                || fact instanceof ClusterEvent) {
            return Level.WARN;
        }
        return fact.recorded() || fact instanceof LedgerRecovered ? Level.INFO : Level.DEBUG;
    }

    /** Returns {@code  key=value} for each component; a value with a blank in it is quoted. */
    static String words(Map<String, Object> data) {
        return data.entrySet().stream()
                .map(entry -> " " + entry.getKey() + "=" + word(entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String word(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + word(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        String word = value.toString();
        return word.isEmpty() || word.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '=')
                ? '"' + word.replace("\"", "'").replace("\n", " ") + '"'
                : word;
    }

    @Override
    public Completable rxStop() {
        subscription.dispose();
        return Completable.complete();
    }
}
