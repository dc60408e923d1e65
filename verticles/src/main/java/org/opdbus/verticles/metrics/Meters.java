// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.inventory.HostFacts.Heard;
import org.opdbus.verticles.inventory.Inventory;

/** The meters, and the facts that change them. {@link #hear} and {@link #step} are for one thread, the rest for any thread. */
final class Meters implements AutoCloseable {
    private static final String PREFIX = "op.dbus.";
    private static final List<String> DRIFTS = List.of("removed", "moved", "retagged", "renamed", "unmarked");
    private static final List<String> RETRIES =
            List.of("stale", "unavailable", "link-refused", "name-refused", "port-refused");
    private static final List<String> FORGERIES = List.of("signature", "sender", "receiver");
    private static final String LISTINGS = "source.listings";
    private static final String LOSSES = "source.losses";
    private static final String RECONNECTS = "source.reconnects";
    private static final Map<String, String> SOURCE_COUNTERS = Map.of(
            LISTINGS, "how often a source has listed everything",
            LOSSES, "how often a source could not be heard",
            RECONNECTS, "how often a source was heard again after that");
    private static final Duration SHORTEST = Duration.ofNanos(100_000);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Counter> events = new HashMap<>();
    private final Map<String, Timer> timers = new HashMap<>();
    private final Map<Source, AtomicInteger> listed = new ConcurrentHashMap<>();
    private final AtomicInteger ports = new AtomicInteger();
    private final AtomicLong height = new AtomicLong();
    private final AtomicInteger degraded = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private final Set<Source> silent = EnumSet.noneOf(Source.class);
    private final Map<String, AtomicLong> retries = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> forged = new ConcurrentHashMap<>();
    private final MultiGauge queues = MultiGauge.builder(PREFIX + "queue.length")
            .description("what waits, by who has to deal with it")
            .register(registry);
    private final MultiGauge containers = MultiGauge.builder(PREFIX + "containers")
            .description("containers by how they stand")
            .register(registry);
    private final MultiGauge workloads = MultiGauge.builder(PREFIX + "workloads")
            .description("containers and virtual machines that run, by kind")
            .register(registry);
    private final LabMeters labs = new LabMeters(PREFIX, registry);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final LongAdder heard = new LongAdder();
    private final Counter enrolled = events(Address.CONTAINER_ENROLLED.kind());
    private final Counter refused = events(Address.ENROLLMENT_REFUSED.kind());
    private final Timer total = timer(StepTimes.TOTAL);

    Meters() {
        for (Source source : Source.values()) {
            // A source that not every host has is shown with its first fact: what was never there is not silent.
            if (source.isEverywhere()) {
                up(source);
            }
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
        // Each counter begins with 0, so that Prometheus can compute a rate from the first event on.
        Address.ALL.forEach(address -> events(address.kind()));
        for (Refusal reason : Refusal.values()) {
            refusals(reason);
        }
        RETRIES.forEach(why -> retries(why).set(0));
        FORGERIES.forEach(why -> forged(why).set(0));
        DRIFTS.forEach(this::drift);
        StepTimes.NAMES.forEach(this::timer);
    }

    void hear(Event fact) {
        heard.increment();
        events(fact.kind()).increment();
        if (fact instanceof SourceListed source) {
            sourceCounter(LISTINGS, source.source()).increment();
            if (silent.remove(source.source())) {
                sourceCounter(RECONNECTS, source.source()).increment();
            }
        } else if (fact instanceof SourceLost source) {
            silent.add(source.source());
            sourceCounter(LOSSES, source.source()).increment();
        } else if (fact instanceof EnrollmentRefused refused) {
            refusals(refused.reason()).increment();
        } else if (fact instanceof DriftSeen drift) {
            drift(drift.what()).increment();
        } else if (fact instanceof LedgerRecovered recovered) {
            lost.addAndGet(recovered.lost());
        }
    }

    private Counter sourceCounter(String name, Source source) {
        return counter(name, SOURCE_COUNTERS.getOrDefault(name, name), "source", word(source.name()));
    }

    /** Kept by kind: the registry takes longer to find a counter than a fact takes to be folded. */
    private Counter events(String kind) {
        return events.computeIfAbsent(kind, key -> counter("events", "facts on the bus", "kind", key));
    }

    private Counter refusals(Refusal reason) {
        return counter("refusals", "links that were not enrolled", "reason", word(reason.name()));
    }

    private Counter drift(String what) {
        return counter("drift", "changes of our ports by another hand", "what", what);
    }

    private Counter counter(String name, String what, String tag, String value) {
        return Counter.builder(PREFIX + name).description(what).tag(tag, value).register(registry);
    }

    private AtomicInteger up(Source source) {
        return listed.computeIfAbsent(source, this::newSource);
    }

    private AtomicInteger newSource(Source source) {
        AtomicInteger up = new AtomicInteger();
        Gauge.builder(PREFIX + "source.listed", up, AtomicInteger::get)
                .description("whether a source has listed what exists and can be heard")
                .tag("source", word(source.name()))
                .register(registry);
        SOURCE_COUNTERS.keySet().forEach(name -> sourceCounter(name, source));
        return up;
    }

    /** Returns the few numbers that a live plot shows. */
    Summary summary(Figures now) {
        return new Summary(
                heard.sum(), (long) enrolled.count(), (long) refused.count(), Summary.Times.of(total), now.queues());
    }

    /** Records the duration of a step of an enrolment. */
    void step(String name, Duration took) {
        timer(name).record(took);
    }

    private Timer timer(String step) {
        return timers.computeIfAbsent(step, this::newTimer);
    }

    private Timer newTimer(String step) {
        return Timer.builder(PREFIX + "step.duration")
                .description("how long the steps of an enrolment take")
                .tag("step", step)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    /** Sets the gauges from the inventory. */
    void take(Inventory now) {
        containers.register(rows("state", now.tally().phases()), true);
        workloads.register(rows("kind", now.tally().runningByKind()), true);
        ports.set(now.tally().livePorts());
        now.host().sources().forEach((source, standing) -> up(source).set(standing.heard() == Heard.LISTED ? 1 : 0));
        labs.take(now);
        height.set(now.host().ledger().height().orElse(0L));
        degraded.set(now.host().ledger().degraded().isPresent() ? 1 : 0);
    }

    /** Sets the gauges from the figures. */
    void take(Figures now) {
        queues.register(rows("queue", now.queues()), true);
        now.retries().forEach((why, count) -> retries(why).set(count));
        now.forged().forEach((why, count) -> forged(why).set(count));
    }

    private static List<MultiGauge.Row<?>> rows(String tag, Map<String, Integer> values) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        values.forEach((name, value) -> rows.add(MultiGauge.Row.of(Tags.of(tag, name), value)));
        return rows;
    }

    private AtomicLong retries(String why) {
        return retries.computeIfAbsent(why, key -> byReason("retries", "steps that failed and are tried again", key));
    }

    private AtomicLong forged(String why) {
        return forged.computeIfAbsent(
                why, key -> byReason("cluster.forged", "messages between hosts that were refused", key));
    }

    private AtomicLong byReason(String name, String what, String reason) {
        AtomicLong count = new AtomicLong();
        FunctionCounter.builder(PREFIX + name, count, AtomicLong::get)
                .description(what)
                .tag("reason", reason)
                .register(registry);
        return count;
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
