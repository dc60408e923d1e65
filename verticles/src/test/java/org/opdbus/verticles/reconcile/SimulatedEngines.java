// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Event;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;

/**
 * The Docker and the Podman of a {@link SimulatedHost}. Containers run on while the API of their engine is gone, and what
 * happened meanwhile is told with the next listing.
 */
final class SimulatedEngines {
    private static final List<Source> SOURCES = List.of(Source.DOCKER, Source.PODMAN);

    private final Random chance;
    private final BiConsumer<Source, Event> tell;
    private final Map<ContainerId, EngineContainer> containers = new TreeMap<>();
    private final Set<ContainerId> defined = new HashSet<>();
    private final Map<Source, Map<ContainerId, Long>> toldRunning = new EnumMap<>(Source.class);
    private final Map<Source, Set<ContainerId>> toldDefined = new EnumMap<>(Source.class);
    private final Set<Source> answering = new HashSet<>(SOURCES);

    SimulatedEngines(Random chance, BiConsumer<Source, Event> tell) {
        this.chance = chance;
        this.tell = tell;
        add(Kind.DOCKER.id("3f2ab1c9d0e1"), "none", Optional.of("vmbr0"), Optional.empty());
        add(Kind.DOCKER.id("4f2ab1c9d0e2"), "none", Optional.of("vmbr0"), Optional.of(61));
        add(Kind.DOCKER.id("5f2ab1c9d0e3"), "bridge", Optional.of("vmbr0"), Optional.of(62));
        add(Kind.DOCKER.id("6f2ab1c9d0e4"), "bridge", Optional.empty(), Optional.empty());
        add(Kind.PODMAN.id("7f2ab1c9d0e5"), "none", Optional.of("vmbr0"), Optional.of(63));
        add(Kind.PODMAN.id("8f2ab1c9d0e6"), "none", Optional.empty(), Optional.empty());
        begin();
    }

    private void add(ContainerId id, String network, Optional<String> bridge, Optional<Integer> vlan) {
        Asked asked = new Asked(
                bridge,
                vlan,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        containers.put(id, new EngineContainer(id, "name-" + id.own(), "busybox", network, asked));
    }

    List<ContainerId> ids() {
        return List.copyOf(containers.keySet());
    }

    EngineContainer of(ContainerId id) {
        return Objects.requireNonNull(containers.get(id));
    }

    /** Whether the engine of a container answers. */
    boolean answers(ContainerId id) {
        return answering.contains(Source.of(id.kind()));
    }

    /** Whether a link of ours is to lead into a container. */
    boolean isAttached(ContainerId id) {
        return of(id).asked().isAttachment();
    }

    void started(ContainerId id, long initPid) {
        defined.add(id);
        if (answers(id)) {
            tellDefined(id);
            toldRunning(id).put(id, initPid);
            tell(new ContainerStarted(of(id), initPid));
        }
    }

    /** A container has stopped, and with {@code --rm} it is no more. */
    void stopped(ContainerId id, boolean removed) {
        if (removed) {
            defined.remove(id);
        }
        if (answers(id)) {
            toldRunning(id).remove(id);
            tell(new ContainerStopped(of(id), "test"));
            if (removed && toldDefined(id).remove(id)) {
                tell(new ContainerRemoved(of(id)));
            }
        }
    }

    /** A container gets another name. */
    void rename(ContainerId id) {
        EngineContainer before = of(id);
        containers.put(
                id,
                new EngineContainer(
                        id, "renamed-" + chance.nextInt(100), before.image(), before.network(), before.asked()));
        if (answers(id) && defined.contains(id)) {
            tellDefined(id);
        }
    }

    private void tellDefined(ContainerId id) {
        toldDefined(id).add(id);
        tell(new ContainerDefined(of(id)));
    }

    /** The API of an engine is gone. */
    void lose(Source source) {
        if (answering.remove(source)) {
            tell.accept(source, new SourceLost(source, "test"));
        }
    }

    /** The API of an engine is back. */
    void regain(Source source, Function<ContainerId, Optional<Long>> running) {
        if (answering.add(source)) {
            list(source, running);
        }
    }

    /** Whether each engine answers. */
    boolean isAnswering(Source source) {
        return answering.contains(source);
    }

    boolean isEachAnswering() {
        return answering.containsAll(SOURCES);
    }

    /** What a new run of the agent hears first: of an engine without an API at most that it is lost. */
    void tellEverything(Function<ContainerId, Optional<Long>> running) {
        begin();
        for (Source source : SOURCES) {
            if (answering.contains(source)) {
                list(source, running);
            } else if (chance.nextBoolean()) {
                tell.accept(source, new SourceLost(source, "test"));
            }
        }
    }

    private void begin() {
        for (Source source : SOURCES) {
            toldRunning.put(source, new HashMap<>());
            toldDefined.put(source, new HashSet<>());
        }
    }

    private void list(Source source, Function<ContainerId, Optional<Long>> running) {
        containers.keySet().stream()
                .filter(id -> Source.of(id.kind()) == source)
                .forEach(id -> tellDifference(id, running.apply(id)));
        tell.accept(source, new SourceListed(source, 0));
    }

    private void tellDifference(ContainerId id, Optional<Long> pid) {
        if (defined.contains(id)) {
            tellDefined(id);
        }
        Optional<Long> before = Optional.ofNullable(toldRunning(id).get(id));
        boolean restarted = pid.isPresent() && !pid.equals(before);
        if (before.isPresent() && (pid.isEmpty() || (restarted && chance.nextBoolean()))) {
            toldRunning(id).remove(id);
            tell(new ContainerStopped(of(id), "listed"));
        }
        if (restarted) {
            toldRunning(id).put(id, pid.orElseThrow());
            tell(new ContainerStarted(of(id), pid.orElseThrow()));
        }
        if (!defined.contains(id) && toldDefined(id).remove(id)) {
            tell(new ContainerRemoved(of(id)));
        }
    }

    private void tell(ContainerEvent event) {
        tell.accept(Source.of(event.container().id().kind()), event);
    }

    private Map<ContainerId, Long> toldRunning(ContainerId id) {
        return Objects.requireNonNull(toldRunning.get(Source.of(id.kind())));
    }

    private Set<ContainerId> toldDefined(ContainerId id) {
        return Objects.requireNonNull(toldDefined.get(Source.of(id.kind())));
    }
}
