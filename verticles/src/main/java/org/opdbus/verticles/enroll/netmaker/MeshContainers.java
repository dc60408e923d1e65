// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.AddressAssigned;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Event;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.driver.GuestAccess;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTimes;
import org.opdbus.verticles.kernel.GuestRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers of this host, by the facts that the agent hears: has each of them checked when something about it has
 * changed. Everything in here runs on one thread.
 */
final class MeshContainers implements MeshWiring.Listener {
    private static final long LINK_SETTLES_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(MeshContainers.class);

    private final Map<ContainerId, MeshContainer> containers = new HashMap<>();
    private final CompositeDisposable work = new CompositeDisposable();
    private final LabelledMeshes policy;
    private final GuestAccess guests;
    private final Scheduler own;
    private final Consumer<ContainerId> changed;
    private final MeshWiring parts;
    private final MeshChecks checks;

    /** Makes the parts, which call the listener. */
    interface Assembly {
        MeshWiring joined(MeshWiring.Listener listener) throws IOException;
    }

    /**
     * What the containers are handled with.
     *
     * @param changed called when a container may stand otherwise with its mesh than before
     */
    record Means(
            LabelledMeshes policy,
            GuestAccess guests,
            MeshTimes times,
            Scheduler own,
            Consumer<Event> facts,
            Consumer<ContainerId> changed) {}

    MeshContainers(Means means, Assembly assembly) throws IOException {
        policy = means.policy();
        guests = means.guests();
        own = means.own();
        changed = means.changed();
        parts = assembly.joined(this);
        checks = new MeshChecks(means, parts);
    }

    MeshWiring parts() {
        return parts;
    }

    /** Takes note of a fact. */
    void apply(Event event) {
        if (event instanceof ContainerEvent container) {
            if (!(container.container() instanceof VirtualMachine)) {
                policy.hear(container);
                apply(container, container.container());
            }
        } else if (event instanceof ContainerEnrolled enrolled) {
            networkChanged(enrolled.container());
        } else if (event instanceof AddressAssigned assigned) {
            networkChanged(assigned.container());
        } else if (event instanceof SourceListed listed) {
            listed(listed.source());
        }
    }

    private void apply(ContainerEvent event, Workload container) {
        if (event instanceof ContainerStarted started) {
            started(started, container);
        } else if (event instanceof ContainerStopped) {
            stopped(container);
        } else if (event instanceof ContainerRemoved) {
            removed(container);
        } else {
            defined(container);
        }
    }

    private void started(ContainerStarted started, Workload workload) {
        ContainerId id = workload.id();
        MeshContainer container = containers.computeIfAbsent(id, this::unknown);
        if (container.start(started, rootfs(workload), nowMs())) {
            parts.edges().owners().put(id, GuestRoot.pathOf(started.initPid()));
            checks.check(container);
        }
    }

    private MeshContainer unknown(ContainerId id) {
        return new MeshContainer(id, changed);
    }

    /** Returns the root folder of a container that does not run; an engine has none then that the agent could read. */
    private static Optional<Path> rootfs(Workload container) {
        return container instanceof LxcContainer lxc
                ? Optional.of(Path.of(lxc.lxcPath(), lxc.id().value(), "rootfs"))
                : Optional.empty();
    }

    private void stopped(Workload container) {
        ContainerId id = container.id();
        parts.health().forget(id);
        parts.watch().end(id);
        ownerAtRest(container);
        Optional.ofNullable(containers.get(id)).ifPresent(known -> known.stop(nowMs()));
    }

    /** A container exists, and nothing else is known of it. */
    private void defined(Workload container) {
        containers.computeIfAbsent(container.id(), id -> {
            ownerAtRest(container);
            return unknown(id);
        });
    }

    private void ownerAtRest(Workload container) {
        rootfs(container)
                .ifPresentOrElse(
                        folder -> parts.edges().owners().put(container.id(), folder),
                        () -> parts.edges().owners().remove(container.id()));
    }

    private void removed(Workload container) {
        stopped(container);
        containers.remove(container.id());
        parts.edges().owners().remove(container.id());
        removeHostIfGone(container.id());
    }

    /** Every container of a source that exists has been published: its others that were in a mesh are gone. */
    private void listed(Source source) {
        parts.edges().records().members().stream()
                .map(MeshHost::container)
                .filter(id -> Source.of(id.kind()) == source && !containers.containsKey(id))
                .forEach(this::removeHostIfGone);
    }

    /** The container's network has changed: what it waited for may be there. */
    private void networkChanged(ContainerId id) {
        MeshContainer container = containers.get(id);
        if (container != null && container.state().nodes().isEmpty()) {
            checks.check(container);
        }
    }

    /** Begins anew with a container, because its configuration has changed. */
    void recheck(ContainerId id) {
        MeshContainer container = containers.get(id);
        if (container != null) {
            container.begin(nowMs());
            checks.check(container);
        }
    }

    /** Removes the host of a container that is gone, once its engine or LXC confirms that it is gone. */
    private void removeHostIfGone(ContainerId id) {
        if (parts.edges().records().member(id).isEmpty()) {
            return;
        }
        work.add(guests.exists(id)
                .flatMap(exists -> exists ? Single.just(false) : parts.leaving().gone(id))
                .observeOn(own)
                .subscribe(
                        abandoned -> {
                            if (abandoned) {
                                leftBehind();
                            }
                        },
                        failure -> LOG.warn("container={} may be gone: {}", id, failure.getMessage())));
    }

    /** A container that is being repaired is checked after each attempt, and not when the attempt changes a link. */
    @Override
    public void linkChanged(ContainerId id) {
        MeshContainer container = containers.get(id);
        if (container == null || container.isSettling()) {
            return;
        }
        Phase phase = container.state().phase();
        if (phase == Phase.CONFIRMING || phase == Phase.UNCONFIRMED) {
            checks.check(container);
        } else if (phase == Phase.JOINED || phase == Phase.DEGRADED) {
            // The link also goes when a container stops, which is no loss.
            container.settling(
                    own.scheduleDirect(() -> checks.check(container), LINK_SETTLES_MS, TimeUnit.MILLISECONDS));
        }
    }

    /** The file of tokens or the credential may now hold what was missing. */
    @Override
    public void filesChanged() {
        List.copyOf(containers.values()).stream()
                .filter(container -> !container.state().remedy().isEmpty())
                .forEach(checks::check);
    }

    @Override
    public void leftBehind() {
        parts.cleanup().begin();
    }

    /** Takes a container out of its mesh; see {@link MeshCommands#leave}. */
    Single<Boolean> leave(ContainerId id) {
        MeshContainer container = containers.computeIfAbsent(id, this::unknown);
        container.leave();
        parts.watch().end(id);
        return parts.leaving().leave(id, container.root(), container.runs(), policy.intentFor(id));
    }

    /** How every running container that is to be in a mesh stands with it. */
    List<MeshStatus> status() {
        return containers.values().stream()
                .filter(container ->
                        container.runs() && policy.intentFor(container.id()).isPresent())
                .map(MeshContainer::status)
                .toList();
    }

    /** Ends all that is under way. */
    void end() {
        work.dispose();
        parts.cleanup().end();
        parts.watch().close();
        containers.values().forEach(MeshContainer::cancel);
    }

    private static long nowMs() {
        return MeshChecks.nowMs();
    }
}
