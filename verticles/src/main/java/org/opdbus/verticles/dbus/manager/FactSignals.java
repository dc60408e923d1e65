// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * Tells facts as signals: those that the ledger keeps, and their entries. Other programs' links and ports make no signals. When
 * the bus does not keep up, facts are left out, and then one signal of the kind {@value #MISSED} says how many.
 */
final class FactSignals {
    static final String MISSED = "events.missed";

    private final BusSession session;
    private long missed;

    FactSignals(BusSession session) {
        this.session = session;
    }

    Disposable from(Bus bus) {
        return bus.subscribeAll(this::tell);
    }

    private void tell(Event event) {
        boolean isEntry = event instanceof EntryCommitted;
        if (!isEntry && !event.recorded()) {
            return;
        }
        if (session.isBusy()) {
            missed++;
            return;
        }
        if (missed > 0) {
            emit(published(MISSED, "", Map.of("count", missed)));
            missed = 0;
        }
        emit(
                event instanceof EntryCommitted committed
                        ? committed(committed)
                        : published(event.kind(), event.subject(), event.data()));
    }

    private void emit(BusMessage signal) {
        session.emit(signal);
    }

    private static BusMessage committed(EntryCommitted committed) {
        return BusMessage.signal(
                ManagerObject.PATH,
                ManagerObject.INTERFACE,
                "EntryCommitted",
                Body.of(
                        "tsss",
                        committed.height(),
                        committed.fact().kind(),
                        committed.fact().subject(),
                        committed.hash()));
    }

    private static BusMessage published(String kind, String subject, Map<String, ?> data) {
        return BusMessage.signal(
                ManagerObject.PATH,
                ManagerObject.INTERFACE,
                "EventPublished",
                Body.of("ssa{sv}", kind, subject, variants(data)));
    }

    private static Map<String, Object> variants(Map<?, ?> data) {
        Map<String, Object> variants = new LinkedHashMap<>();
        data.forEach((name, value) -> variants.put(name.toString(), variant(value)));
        return variants;
    }

    /** JSON types have one D-Bus type each: s, b, x, d, av and a{sv}. */
    private static Variant variant(Object value) {
        if (value instanceof Boolean truth) {
            return Variant.of(truth);
        }
        if (value instanceof Double || value instanceof Float) {
            return new Variant("d", ((Number) value).doubleValue());
        }
        if (value instanceof Number number) {
            return new Variant("x", number.longValue());
        }
        if (value instanceof List<?> list) {
            return new Variant("av", list.stream().map(FactSignals::variant).toList());
        }
        return value instanceof Map<?, ?> map ? new Variant("a{sv}", variants(map)) : Variant.of(value.toString());
    }
}
