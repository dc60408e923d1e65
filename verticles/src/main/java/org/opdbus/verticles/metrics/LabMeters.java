// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.KnownLab.Endpoint;

/**
 * The meters of labs: sums over all of them, so that their number does not depend on what callers name. For any thread.
 */
final class LabMeters {
    private static final String SETTLED = "settled";
    private static final String UNSETTLED = "unsettled";
    private static final String STOPPED = "stopped";
    private static final String LIVE = "live";
    private static final String WAITING = "waiting";
    private static final String FREE = "free";

    private final Map<String, AtomicInteger> labs = new LinkedHashMap<>();
    private final Map<String, AtomicInteger> endpoints = new LinkedHashMap<>();
    private final AtomicInteger items = new AtomicInteger();
    private final AtomicInteger lans = new AtomicInteger();

    LabMeters(String prefix, MeterRegistry registry) {
        for (String state : new String[] {SETTLED, UNSETTLED, STOPPED}) {
            labs.put(state, gauge(prefix + "labs", "labs by how they stand", state, registry));
        }
        for (String state : new String[] {LIVE, WAITING, FREE}) {
            endpoints.put(
                    state,
                    gauge(prefix + "lab.endpoints", "endpoints of labs that run, by how they stand", state, registry));
        }
        Gauge.builder(prefix + "lab.items", items, AtomicInteger::get)
                .description("items of labs that run")
                .register(registry);
        Gauge.builder(prefix + "lab.lans", lans, AtomicInteger::get)
                .description("LANs of labs that run")
                .register(registry);
    }

    private static AtomicInteger gauge(String name, String what, String state, MeterRegistry registry) {
        AtomicInteger value = new AtomicInteger();
        Gauge.builder(name, value, AtomicInteger::get)
                .description(what)
                .tag("state", state)
                .register(registry);
        return value;
    }

    /** Sets the gauges from the inventory. */
    void take(Inventory now) {
        Map<String, Integer> byState = new LinkedHashMap<>();
        Map<String, Integer> byEndpoint = new LinkedHashMap<>();
        int itemsRunning = 0;
        int lansRunning = 0;
        for (KnownLab lab : now.labs().values()) {
            byState.merge(state(lab), 1, Integer::sum);
            if (lab.running()) {
                lab.endpoints().forEach(endpoint -> byEndpoint.merge(state(endpoint), 1, Integer::sum));
                itemsRunning += lab.items();
                lansRunning += lab.lans().size();
            }
        }
        labs.forEach((state, gauge) -> gauge.set(byState.getOrDefault(state, 0)));
        endpoints.forEach((state, gauge) -> gauge.set(byEndpoint.getOrDefault(state, 0)));
        items.set(itemsRunning);
        lans.set(lansRunning);
    }

    private static String state(KnownLab lab) {
        if (!lab.running()) {
            return STOPPED;
        }
        return lab.settled() ? SETTLED : UNSETTLED;
    }

    private static String state(Endpoint endpoint) {
        if (endpoint.place().isEmpty()) {
            return FREE;
        }
        return endpoint.isLive() ? LIVE : WAITING;
    }
}
