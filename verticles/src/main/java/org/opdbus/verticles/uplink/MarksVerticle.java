// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.opdbus.events.Address;
import org.opdbus.events.Port;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what becomes of the ports of confirmed uplinks, and has their marks written again; see {@link UplinkMarks}. It leaves the
 * port of a link alone while a move of that link is not over.
 */
public final class MarksVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.uplink");

    private final Bus bus;
    private final Callable<List<UplinkPlan>> confirmed;
    private final Function<String, Single<String>> transact;
    private final UplinkMarks marks;
    private final Map<String, UplinkPlan> plans = new HashMap<>();
    private final Set<String> moving = new HashSet<>();
    private final CompositeDisposable listening = new CompositeDisposable();

    /**
     * Creates it; nothing is heard yet.
     *
     * @param host the name of this host
     * @param confirmed reads the plans of the confirmed moves; may block
     * @param transact carries out a JSON array of operations in Open vSwitch's database and returns the array of their results
     */
    public MarksVerticle(
            Bus bus, String host, Callable<List<UplinkPlan>> confirmed, Function<String, Single<String>> transact) {
        this.bus = bus;
        this.confirmed = confirmed;
        this.transact = transact;
        marks = new UplinkMarks(host, System::nanoTime, bus::publish);
    }

    @Override
    public Completable rxStart() {
        listening.add(bus.subscribe(Address.PORT_ADDED, added -> hear(added.port())));
        listening.add(bus.subscribe(Address.PORT_CHANGED, changed -> hear(changed.port())));
        listening.add(bus.subscribe(Address.UPLINK_PLANNED, planned -> moving.add(planned.link())));
        listening.add(bus.subscribe(Address.UPLINK_CONFIRMED, over -> readAgain(over.link())));
        listening.add(bus.subscribe(Address.UPLINK_REVERTED, over -> readAgain(over.link())));
        return read();
    }

    private void readAgain(String over) {
        moving.remove(over);
        listening.add(read().subscribe());
    }

    /** The folder may be damaged; no container depends on it. */
    private Completable read() {
        return vertx.rxExecuteBlocking(confirmed)
                .doOnSuccess(found -> {
                    plans.clear();
                    found.forEach(plan -> plans.put(plan.request().link(), plan));
                })
                .ignoreElement()
                .doOnError(failure -> LOG.error(
                        "uplink.marks problem=\"{}\" note=\"marks that another program removes are not written again\"",
                        failure.getMessage()))
                .onErrorComplete();
    }

    private void hear(Port port) {
        UplinkPlan plan = plans.get(port.name());
        if (plan != null && !moving.contains(port.name())) {
            marks.restored(port, plan).ifPresent(operations -> write(port.name(), operations));
        }
    }

    /** A failure is not tried again at once: the next change of the port, or the next listing, comes here again. */
    private void write(String port, JsonArray operations) {
        listening.add(transact.apply(operations.encode())
                .subscribe(
                        results -> logErrors(port, results),
                        failure -> LOG.warn("uplink.marks port={} problem=\"{}\"", port, failure.getMessage())));
    }

    private static void logErrors(String port, String results) {
        new JsonArray(results)
                .stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .filter(result -> result.getValue("error") != null)
                        .forEach(result -> LOG.warn("uplink.marks port={} problem=\"{}\"", port, result.encode()));
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(listening::dispose);
    }
}
