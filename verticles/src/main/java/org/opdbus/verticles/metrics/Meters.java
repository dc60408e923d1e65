// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.events.Refusal;

/** The meters, and which facts change them. {@link #hear} and {@link #step} are for one thread, the rest for any. */
final class Meters implements AutoCloseable {
    private static final String PREFIX = "op.dbus.";
    private static final List<String> DRIFTS = List.of("removed", "moved", "retagged", "renamed", "unmarked");
    private static final Duration SHORTEST = Duration.ofNanos(100_000);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Source, AtomicInteger> listed = new EnumMap<>(Source.class);
    private final Set<String> enrolled = new HashSet<>();
    private final AtomicInteger ports = new AtomicInteger();
    private final AtomicLong height = new AtomicLong();
    private final AtomicInteger degraded = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final MultiGauge containers = MultiGauge.builder(PREFIX + "containers")
            .description("containers by how they stand")
            .register(registry);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    Meters() {
        for (Source source : Source.values()) {
            AtomicInteger up = new AtomicInteger();
            listed.put(source, up);
            gauge("source.listed", "whether a source has listed what exists and can be heard", up, word(source.name()));
        }
        Gauge.builder(PREFIX + "ports", ports, AtomicInteger::get)
                .description("ports of containers that are enrolled")
                .register(registry);
        Gauge.builder(PREFIX + "ledger.height", height, AtomicLong::get)
                .description("the height of the last entry on disk since the start")
                .register(registry);
        Gauge.builder(PREFIX + "ledger.degraded", degraded, AtomicInteger::get)
                .description("whether the ledger takes no entries")
                .register(registry);
        Gauge.builder(PREFIX + "ledger.facts.lost", lost, AtomicLong::get)
                .description("facts that could not be kept while the ledger took no entries")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        gc.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        // What has not happened yet is shown as 0, so that a rate over it is known from the first time on.
        Address.ALL.forEach(address -> registry.counter(PREFIX + "events", "kind", address.kind()));
        for (Refusal reason : Refusal.values()) {
            registry.counter(PREFIX + "refusals", "reason", word(reason.name()));
        }
        DRIFTS.forEach(what -> registry.counter(PREFIX + "drift", "what", what));
        Steps.NAMES.forEach(this::timer);
    }

    private void gauge(String name, String what, AtomicInteger value, String source) {
        Gauge.builder(PREFIX + name, value, AtomicInteger::get)
                .description(what)
                .tag("source", source)
                .register(registry);
    }

    void hear(Event fact) {
        registry.counter(PREFIX + "events", "kind", fact.kind()).increment();
        if (fact instanceof SourceListed source) {
            up(source.source()).set(1);
            registry.counter(
                            PREFIX + "source.listings",
                            "source",
                            word(source.source().name()))
                    .increment();
        } else if (fact instanceof SourceLost source) {
            up(source.source()).set(0);
        } else if (fact instanceof EnrollmentRefused refused) {
            registry.counter(
                            PREFIX + "refusals", "reason", word(refused.reason().name()))
                    .increment();
        } else if (fact instanceof DriftSeen drift) {
            registry.counter(PREFIX + "drift", "what", drift.what()).increment();
        } else if (fact instanceof EntryCommitted committed) {
            height.set(committed.height());
        } else if (fact instanceof LedgerDegraded) {
            degraded.set(1);
        } else if (fact instanceof LedgerRecovered recovered) {
            degraded.set(0);
            lost.addAndGet(recovered.lost());
        } else {
            hearEnrollment(fact);
        }
    }

    private void hearEnrollment(Event fact) {
        if (fact instanceof ContainerEnrolled begun) {
            enrolled.add(begun.enrollment());
        } else if (fact instanceof ContainerLeft left) {
            enrolled.remove(left.enrollment());
        } else if (fact instanceof EnrollmentLost gone) {
            enrolled.remove(gone.enrollment());
        }
        ports.set(enrolled.size());
    }

    private AtomicInteger up(Source source) {
        return listed.computeIfAbsent(source, key -> new AtomicInteger());
    }

    /** A step of an enrolment took this long. */
    void step(String name, Duration took) {
        timer(name).record(took);
    }

    private Timer timer(String step) {
        return Timer.builder(PREFIX + "step.duration")
                .description("how long the steps of an enrolment take")
                .tag("step", step)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    /** How many containers stand in which way. */
    void containers(Map<String, Integer> states) {
        containers.register(
                states.entrySet().stream()
                        .map(state -> MultiGauge.Row.of(Tags.of("state", state.getKey()), state.getValue()))
                        .toList(),
                true);
    }

    String text() {
        return registry.scrape();
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
