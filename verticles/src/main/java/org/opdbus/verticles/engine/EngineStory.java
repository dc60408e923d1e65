// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;
import org.opdbus.verticles.engine.EngineReader.EngineEvent;
import org.opdbus.verticles.engine.EngineReader.InspectedContainer;
import org.opdbus.verticles.engine.EngineReader.ListedContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an engine tells during one session, by events, lists and answers about single containers, put in order: it believes what is
 * newest, and asks where that is not clear. Methods fail with an {@link EngineException} if the engine goes beyond its limits. For
 * one thread.
 */
final class EngineStory {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStory.class);

    private final Kind kind;
    private final long beganNs;
    private final EngineTable table;
    private final Outside outside;
    private final EngineReader reader;
    private final Inspections inspections;

    private boolean saidListed;
    /** The containers of which something was heard since the list was asked for, which may say less; null without a list. */
    private @Nullable Set<String> heardSinceList;
    /** The containers about which an answer must come before everything is listed. */
    private final Set<String> awaited = new HashSet<>();
    /** The containers whose last answer was of no use. */
    private final Set<String> unclear = new HashSet<>();

    /**
     * What is around it.
     *
     * @param question asks the engine about a container
     * @param listener hears the facts, and that everything is listed
     * @param trouble hears that the engine cannot be asked
     */
    record Outside(
            Function<String, Future<Optional<JsonObject>>> question,
            EngineSession.Listener listener,
            Consumer<Throwable> trouble) {}

    /**
     * Begins.
     *
     * @param beganNs when the session began, in nanoseconds since 1970: an earlier event may be older than what is known
     */
    EngineStory(Kind kind, long beganNs, EngineTable table, Outside outside) {
        this.kind = kind;
        this.beganNs = beganNs;
        this.table = table;
        this.outside = outside;
        reader = new EngineReader(kind);
        inspections = new Inspections(outside.question(), new Answers());
    }

    /** Asks and tells nothing any more. */
    void stop() {
        inspections.stop();
    }

    /** The list has been asked for: what is heard from now on is newer. */
    void listBegins() {
        heardSinceList = new HashSet<>();
    }

    /** The whole list has come. */
    void listed(List<ListedContainer> listed) {
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
            outside.listener().listed(table.count());
        }
    }

    /** The engine has sent an event. */
    void heard(JsonObject line) {
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
        return kind.id(engineId.substring(0, EngineReader.ID_SHOWN));
    }

    private final class Answers implements Inspections.Listener {
        @Override
        public void answered(String id, Optional<JsonObject> answer) {
            try {
                publish(answer.map(found -> facts(reader.inspected(id, found)))
                        .orElseGet(() -> table.removed(shortId(id), "the engine does not have it any more")));
                unclear.remove(id);
            } catch (EngineException e) {
                unclear(id, e);
            }
            settled(id);
        }

        @Override
        public void failed(String id, Throwable failure) {
            if (failure instanceof EngineException known && known.reason() != Reason.UNREACHABLE) {
                unclear(id, known);
                settled(id);
            } else {
                outside.trouble().accept(failure);
            }
        }

        /** Said once a session for each container: a container that hangs is asked about with each list. */
        private void unclear(String id, EngineException failure) {
            if (unclear.size() < EngineLimits.CONTAINERS_MAX && unclear.add(id)) {
                LOG.warn("engine={} container={} stays as it was: {}", kind, id, failure.getMessage());
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
        facts.forEach(outside.listener()::publish);
    }
}
