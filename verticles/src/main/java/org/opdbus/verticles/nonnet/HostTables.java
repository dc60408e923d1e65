// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.EnrollmentEvent;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.MeshEvent;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeChanged;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;

/** Folds facts, and answers about containers, into {@link Tables}. For one thread. */
final class HostTables {
    /** Heights that came before the enrolment that they are of; the bus promises no order between publishers. */
    private static final int EARLY_HEIGHTS_MAX = 256;

    private static final String CONTAINER_KEY = "op-dbus:container";

    private final Tables tables;
    private final ContainerRows rows;
    private final Clock clock;
    private final String host;
    private final String version;
    private final String started;
    private final Map<Source, String> sources = new EnumMap<>(Source.class);
    /** The links of the containers of the last answer, by which a link or port is known to be one's. */
    private final Set<String> veths = new HashSet<>();

    private final Map<String, Long> earlyHeights = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > EARLY_HEIGHTS_MAX;
        }
    };

    private Optional<Long> ledgerHeight = Optional.empty();
    private Optional<String> ledgerHash = Optional.empty();
    private Optional<String> ledgerError = Optional.empty();

    HostTables(Tables tables, Clock clock, String host, String version) {
        this.tables = tables;
        rows = new ContainerRows(tables, clock, host, false);
        this.clock = clock;
        this.host = host;
        this.version = version;
        started = now();
        for (Source source : Source.values()) {
            sources.put(source, "awaited");
        }
        putHost();
    }

    /** Takes in a fact; answers whether it may have changed how a container stands. */
    boolean apply(Event event) {
        if (event instanceof LinkEvent link) {
            return link(link);
        } else if (event instanceof PortEvent port) {
            return port(port);
        } else if (event instanceof EnrollmentEvent enrollment) {
            enrollment(enrollment);
            return true;
        } else if (event instanceof SourceListed listed) {
            return source(listed.source(), "listed");
        } else if (event instanceof SourceLost lost) {
            return source(lost.source(), "lost");
        } else if (event instanceof EntryCommitted committed) {
            committed(committed);
        } else if (event instanceof LedgerDegraded degraded) {
            ledgerError = Optional.of(degraded.reason());
            putHost();
        } else if (event instanceof LedgerRecovered) {
            ledgerError = Optional.empty();
            putHost();
        }
        return event instanceof ContainerEvent || event instanceof MeshEvent;
    }

    private boolean link(LinkEvent event) {
        Link link = event.link();
        if (event instanceof LinkVanished) {
            tables.delete(Schema.LINK, Integer.toString(link.index()));
        } else {
            tables.put(Schema.LINK, Integer.toString(link.index()), RowValues.of(link));
        }
        return isContainers(link) || (event instanceof LinkChanged changed && isContainers(changed.before()));
    }

    private boolean isContainers(Link link) {
        return veths.contains(link.name().value()) || link.altNames().stream().anyMatch(veths::contains);
    }

    private boolean port(PortEvent event) {
        if (event instanceof PortAdded added) {
            put(added.port());
            return isContainers(added.port());
        } else if (event instanceof PortChanged changed) {
            put(changed.port());
            return isContainers(changed.port()) || isContainers(changed.before());
        } else if (event instanceof PortRemoved removed) {
            tables.delete(Schema.PORT, removed.port().uuid());
            return isContainers(removed.port());
        } else if (event instanceof BridgeAdded added) {
            put(added.bridge());
        } else if (event instanceof BridgeChanged changed) {
            put(changed.bridge());
        } else if (event instanceof BridgeRemoved removed) {
            tables.delete(Schema.BRIDGE, removed.bridge().name());
        }
        return false;
    }

    private void put(Port port) {
        // The row's key is Open vSwitch's own: when a port is replaced by one of its name, the two exist side by side
        // for
        // as long as the events about them take.
        tables.put(Schema.PORT, port.uuid(), RowValues.of(port));
    }

    private void put(Bridge bridge) {
        tables.put(Schema.BRIDGE, bridge.name(), RowValues.of(bridge));
    }

    private boolean isContainers(Port port) {
        return port.externalIds().containsKey(CONTAINER_KEY) || veths.contains(port.name());
    }

    private void enrollment(EnrollmentEvent event) {
        if (event instanceof ContainerEnrolled enrolled) {
            put(enrolled);
        } else if (event instanceof ContainerLeft left) {
            tables.delete(Schema.ENROLLMENT, left.enrollment());
        } else if (event instanceof EnrollmentLost lost) {
            tables.delete(Schema.ENROLLMENT, lost.enrollment());
        }
    }

    private void put(ContainerEnrolled enrolled) {
        Optional<TableRow> known = tables.row(Schema.ENROLLMENT, enrolled.enrollment());
        Map<String, Datum> row = new LinkedHashMap<>();
        row.put("enrollment", Datum.of(enrolled.enrollment()));
        row.put("container", Datum.of(enrolled.container().value()));
        row.put("link", Datum.of(enrolled.link().value()));
        row.put("bridge", Datum.of(enrolled.bridge()));
        row.put("vlan", Datum.ofNumber(enrolled.vlan()));
        row.put("mac", Datum.of(enrolled.mac()));
        row.put("ofport", Datum.of(enrolled.ofport()));
        row.put("since", known.map(old -> old.cell("since")).orElseGet(() -> Datum.of(now())));
        row.put(
                "height",
                known.map(old -> old.cell("height"))
                        .orElseGet(
                                () -> Datum.ofNumber(Optional.ofNullable(earlyHeights.remove(enrolled.enrollment())))));
        tables.put(Schema.ENROLLMENT, enrolled.enrollment(), row);
    }

    private void committed(EntryCommitted committed) {
        ledgerHeight = Optional.of(committed.height());
        ledgerHash = Optional.of(committed.hash());
        putHost();
        if (committed.fact() instanceof ContainerEnrolled enrolled) {
            Optional<TableRow> known = tables.row(Schema.ENROLLMENT, enrolled.enrollment());
            if (known.isPresent()) {
                Map<String, Datum> row = new LinkedHashMap<>(known.get().cells());
                row.put("height", Datum.of(committed.height()));
                tables.put(Schema.ENROLLMENT, enrolled.enrollment(), row);
            } else {
                earlyHeights.put(enrolled.enrollment(), committed.height());
            }
        }
    }

    private boolean source(Source source, String state) {
        boolean news = !state.equals(sources.put(source, state));
        putHost();
        return news;
    }

    private void putHost() {
        Map<String, String> states = new TreeMap<>();
        sources.forEach((source, state) -> states.put(source.name().toLowerCase(Locale.ROOT), state));
        tables.put(
                Schema.HOST,
                host,
                Map.of(
                        "name", Datum.of(host),
                        "version", Datum.of(version),
                        "started", Datum.of(started),
                        "sources", Datum.of(states),
                        "ledger_height", Datum.ofNumber(ledgerHeight),
                        "ledger_hash", Datum.of(ledgerHash),
                        "ledger_error", Datum.of(ledgerError),
                        "state", Datum.of("self"),
                        "last_seen", Datum.of(Optional.empty())));
    }

    /** Takes in an answer about all containers; one that it does not name is gone. */
    void containers(List<ContainerRow> containers) {
        rows.replace(containers);
        veths.clear();
        containers.forEach(container -> veths.add(container.veth()));
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
