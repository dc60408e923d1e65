// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.PortEvent;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeChanged;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;
import org.opdbus.verticles.inventory.HostFacts.SourceStanding;

/** Folds the facts of the bus into the inventory. For one thread. */
final class InventoryFold {
    /** The limit for heights that arrived before their enrolment: the bus guarantees no order between publishers. */
    private static final int EARLY_HEIGHTS_MAX = 256;

    private final LiveInventory live;
    private final Clock clock;

    private final Map<String, Long> earlyHeights = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > EARLY_HEIGHTS_MAX;
        }
    };

    InventoryFold(LiveInventory live, Clock clock) {
        this.live = live;
        this.clock = clock;
    }

    /** Folds in a fact, as one change of the inventory. */
    void apply(Event event) {
        if (event instanceof LinkEvent link) {
            live.update(now -> now.withLinks(
                    link instanceof LinkVanished
                            ? now.links().without(link.link().index())
                            : now.links().with(link.link().index(), link.link())));
        } else if (event instanceof PortEvent port) {
            live.update(now -> port(now, port));
        } else if (event instanceof SourceListed listed) {
            live.update(now -> now.withHost(now.host().with(listed.source(), SourceStanding.LISTED)));
        } else if (event instanceof SourceLost lost) {
            live.update(now -> now.withHost(now.host().with(lost.source(), SourceStanding.lost(lost.reason()))));
        } else if (event instanceof ContainerEnrolled enrolled) {
            enrolled(enrolled);
        } else if (event instanceof ContainerLeft left) {
            ended(left.enrollment());
        } else if (event instanceof EnrollmentLost lost) {
            ended(lost.enrollment());
        } else if (event instanceof EntryCommitted committed) {
            committed(committed);
        } else if (event instanceof LedgerDegraded degraded) {
            degraded(Optional.of(degraded.reason()));
        } else if (event instanceof LedgerRecovered) {
            degraded(Optional.empty());
        }
    }

    private static Inventory port(Inventory now, PortEvent event) {
        if (event instanceof PortAdded added) {
            return now.withPorts(now.ports().with(added.port().uuid(), added.port()));
        } else if (event instanceof PortChanged changed) {
            return now.withPorts(now.ports().with(changed.port().uuid(), changed.port()));
        } else if (event instanceof PortRemoved removed) {
            return now.withPorts(now.ports().without(removed.port().uuid()));
        } else if (event instanceof BridgeAdded added) {
            return now.withBridges(now.bridges().with(added.bridge().name(), added.bridge()));
        } else if (event instanceof BridgeChanged changed) {
            return now.withBridges(now.bridges()
                    .without(changed.before().name())
                    .with(changed.bridge().name(), changed.bridge()));
        } else if (event instanceof BridgeRemoved removed) {
            return now.withBridges(now.bridges().without(removed.bridge().name()));
        }
        return now;
    }

    private void enrolled(ContainerEnrolled fact) {
        Optional<Long> early = Optional.ofNullable(earlyHeights.remove(fact.enrollment()));
        live.update(now -> {
            Optional<KnownEnrollment> known = now.enrollments().get(fact.enrollment());
            return put(
                    now,
                    new KnownEnrollment(
                            fact,
                            known.map(KnownEnrollment::since).orElseGet(this::now),
                            known.flatMap(KnownEnrollment::height).or(() -> early)));
        });
    }

    private void ended(String enrollment) {
        live.update(now -> now.withEnrollments(now.enrollments().without(enrollment)));
    }

    private void committed(EntryCommitted entry) {
        Optional<String> enrollment = entry.fact() instanceof ContainerEnrolled enrolled
                ? Optional.of(enrolled.enrollment())
                : Optional.empty();
        enrollment
                .filter(id -> live.current().enrollments().get(id).isEmpty())
                .ifPresent(id -> earlyHeights.put(id, entry.height()));
        live.update(now -> {
            LedgerStanding ledger = new LedgerStanding(
                    Optional.of(entry.height()),
                    Optional.of(entry.hash()),
                    now.host().ledger().degraded());
            Inventory written = now.withHost(now.host().with(ledger));
            return enrollment
                    .flatMap(written.enrollments()::get)
                    .map(known ->
                            put(written, new KnownEnrollment(known.fact(), known.since(), Optional.of(entry.height()))))
                    .orElse(written);
        });
    }

    private static Inventory put(Inventory now, KnownEnrollment enrollment) {
        return now.withEnrollments(now.enrollments().with(enrollment.fact().enrollment(), enrollment));
    }

    private void degraded(Optional<String> reason) {
        live.update(now -> {
            LedgerStanding before = now.host().ledger();
            return now.withHost(now.host().with(new LedgerStanding(before.height(), before.hash(), reason)));
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
