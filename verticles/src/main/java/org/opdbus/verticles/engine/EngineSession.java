// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.engine.EngineException.Reason;
import org.opdbus.verticles.engine.EngineReader.EngineEvent;
import org.opdbus.verticles.engine.EngineReader.InspectedContainer;
import org.opdbus.verticles.engine.EngineReader.ListedContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription to an engine, from its first question to the first trouble. It reports its end once. All calls belong to one
 * event loop.
 */
final class EngineSession {
    private static final Logger LOG = LoggerFactory.getLogger(EngineSession.class);
    /** The engine counts from whole seconds. */
    private static final long SINCE_SECONDS_BEFORE = 1;

    private final Vertx vertx;
    private final EngineOptions options;
    private final EngineClient client;
    private final EngineReader reader;
    private final EngineTable table;
    private final Listener listener;
    private final Inspections inspections;
    private final EventLines lines = new EventLines(this::heard);

    private long beganNs;
    private @Nullable HttpConnection events;
    private long timer = -1;
    private boolean ended;
    private boolean saidListed;
    /** The containers of which something was heard since the list was asked for, which may say less; null without a list. */
    private @Nullable Set<String> heardSinceList;
    /** The containers about which an answer must come before everything is listed. */
    private final Set<String> awaited = new HashSet<>();
    /** The containers whose last answer was of no use. */
    private final Set<String> unclear = new HashSet<>();

    /** Hears what a session finds. */
    interface Listener {
        void publish(ContainerEvent event);

        /** Everything that exists is published; so many containers are known. */
        void listed(int count);

        /** The session is over. */
        void ended(String reason);
    }

    EngineSession(Vertx vertx, EngineOptions options, EngineClient client, EngineTable table, Listener listener) {
        this.vertx = vertx;
        this.options = options;
        this.client = client;
        this.table = table;
        this.listener = listener;
        reader = new EngineReader(options.kind());
        inspections = new Inspections(client::inspect, new Answers());
    }

    /** Begins; trouble comes as {@link Listener#ended}. */
    void start() {
        Instant now = Instant.now();
        beganNs = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        client.negotiate()
                .compose(agreed -> client.events(now.getEpochSecond() - SINCE_SECONDS_BEFORE))
                .onSuccess(this::subscribed)
                .onFailure(this::fail);
    }

    /** Ends without a word. */
    void stop() {
        ended = true;
        inspections.stop();
        vertx.cancelTimer(timer);
        if (events != null) {
            events.close();
        }
    }

    private void subscribed(HttpClientResponse stream) {
        events = stream.request().connection();
        if (ended) {
            events.close();
            return;
        }
        stream.handler(piece -> guarded(() -> lines.take(piece, System.nanoTime())));
        stream.exceptionHandler(this::fail);
        stream.endHandler(
                end -> fail(new EngineException(Reason.UNREACHABLE, "the engine has ended its stream of events")));
        list();
    }

    private void list() {
        List<ListedContainer> listed = new ArrayList<>();
        heardSinceList = new HashSet<>();
        client.list(entry -> listed.add(reader.listed(entry)))
                .onSuccess(done -> guarded(() -> apply(listed)))
                .onFailure(this::fail);
    }

    private void apply(List<ListedContainer> listed) {
        Set<String> newer = heardSinceList == null ? Set.of() : heardSinceList;
        heardSinceList = null;
        Set<ContainerId> exist = new HashSet<>();
        newer.forEach(id -> exist.add(shortId(id)));
        listed.forEach(each -> exist.add(each.container().id()));
        publish(table.onlyThese(exist));
        for (ListedContainer each : listed) {
            if (!newer.contains(each.engineId())) {
                apply(each);
            }
        }
        sayListed();
        timer = vertx.setTimer(options.relistPeriod().toMillis(), again -> list());
    }

    /** A list shows less of a container than an answer about it, so of a known one it only tells the name. */
    private void apply(ListedContainer each) {
        ContainerId id = each.container().id();
        publish(
                table.container(id).isPresent()
                        ? table.renamed(id, each.container().name())
                        : table.defined(each.container()));
        if (!each.mayRun()) {
            publish(table.stopped(id, "the engine lists it as not running"));
        } else if (!saidListed || !table.isRunning(id)) {
            await(each.engineId());
            inspections.ask(each.engineId());
        }
    }

    private void await(String id) {
        if (!saidListed) {
            awaited.add(id);
        }
    }

    private void sayListed() {
        if (!saidListed && heardSinceList == null && awaited.isEmpty()) {
            saidListed = true;
            listener.listed(table.count());
        }
    }

    private void heard(JsonObject line) {
        reader.event(line).ifPresent(event -> {
            Set<String> sinceList = heardSinceList;
            if (sinceList == null && event.atNs() >= beganNs) {
                act(event);
            } else if (EngineActions.concern(event.action())) {
                // The event may be older than what is known, or newer than what the list will say.
                await(event.engineId());
                inspections.want(event.engineId());
                if (sinceList != null) {
                    sinceList.add(event.engineId());
                }
            }
        });
    }

    private void act(EngineEvent event) {
        EngineContainer container = event.container();
        ContainerId id = container.id();
        switch (event.action()) {
            case EngineActions.START -> inspections.want(event.engineId());
            case EngineActions.DIE -> {
                inspections.stale(event.engineId());
                publish(table.died(id, event.atNs(), "it has exited" + exitCode(event)));
            }
            case EngineActions.DESTROY, EngineActions.REMOVE -> {
                inspections.stale(event.engineId());
                publish(table.removed(id, "it was removed"));
            }
            case EngineActions.CREATE -> define(container);
            case EngineActions.RENAME -> {
                inspections.stale(event.engineId());
                publish(table.renamed(id, container.name()));
            }
            default -> {
                // Pauses, executions, checks and attachments to other networks change nothing here.
            }
        }
    }

    private void define(EngineContainer container) {
        if (table.container(container.id()).isEmpty()) {
            hasRoomFor(container.id());
            publish(table.defined(container));
        }
    }

    private void hasRoomFor(ContainerId id) {
        if (table.count() >= EngineLimits.CONTAINERS_MAX && table.container(id).isEmpty()) {
            throw new EngineException(
                    Reason.INVALID, "it has more than " + EngineLimits.CONTAINERS_MAX + " containers");
        }
    }

    private static String exitCode(EngineEvent event) {
        return event.exitCode().matches("[0-9]{1,5}") ? ", status " + event.exitCode() : "";
    }

    private ContainerId shortId(String engineId) {
        return options.kind().id(engineId.substring(0, EngineReader.ID_SHOWN));
    }

    private final class Answers implements Inspections.Listener {
        @Override
        public void answered(String id, Optional<JsonObject> answer) {
            guarded(() -> {
                try {
                    publish(answer.map(found -> facts(reader.inspected(id, found)))
                            .orElseGet(() -> table.removed(shortId(id), "the engine does not have it any more")));
                    unclear.remove(id);
                } catch (EngineException e) {
                    unclear(id, e);
                }
                settled(id);
            });
        }

        @Override
        public void failed(String id, Throwable failure) {
            if (failure instanceof EngineException known && known.reason() != Reason.UNREACHABLE) {
                unclear(id, known);
                guarded(() -> settled(id));
            } else {
                fail(failure);
            }
        }

        /** Said once a session for each container: a container that hangs is asked about with each list. */
        private void unclear(String id, EngineException failure) {
            if (unclear.size() < EngineLimits.CONTAINERS_MAX && unclear.add(id)) {
                LOG.warn("engine={} container={} stays as it was: {}", options.kind(), id, failure.getMessage());
            }
        }

        private void settled(String id) {
            awaited.remove(id);
            sayListed();
        }
    }

    private List<ContainerEvent> facts(InspectedContainer found) {
        hasRoomFor(found.container().id());
        if (found.isRunning()) {
            return table.running(found.container(), found.initPid(), found.startedAtNs());
        }
        List<ContainerEvent> events =
                new ArrayList<>(table.stopped(found.container().id(), "the engine says that it does not run"));
        events.addAll(table.defined(found.container()));
        return events;
    }

    private void publish(List<ContainerEvent> facts) {
        facts.forEach(listener::publish);
    }

    private void guarded(Runnable work) {
        if (ended) {
            return;
        }
        try {
            work.run();
        } catch (EngineException e) {
            fail(e);
        }
    }

    private void fail(Throwable failure) {
        if (!ended) {
            stop();
            listener.ended(String.valueOf(failure.getMessage()));
        }
    }
}
