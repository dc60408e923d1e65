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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.Container;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.enroll.netmaker.MeshHandler.MeshTarget;
import org.opdbus.verticles.enroll.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions.Times;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.kernel.GuestRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers of this host and how each stands with its mesh: looks at them, one look at a time for each, and takes them
 * from state to state. Everything in here runs on one thread.
 */
final class MeshContainers implements MeshWiring.Listener {
    private static final long LINK_SETTLES_MS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(MeshContainers.class);

    private final Map<ContainerId, MeshContainer> candidates = new HashMap<>();
    private final CompositeDisposable work = new CompositeDisposable();
    private final MeshPolicy policy;
    private final ContainerDriver driver;
    private final Times times;
    private final Scheduler own;
    private final Consumer<Event> facts;
    private final MeshWiring parts;

    /** A way to make the parts, which tell this. */
    interface Assembly {
        MeshWiring joined(MeshWiring.Listener listener) throws IOException;
    }

    MeshContainers(
            MeshPolicy policy,
            ContainerDriver driver,
            Times times,
            Scheduler own,
            Consumer<Event> facts,
            Assembly assembly)
            throws IOException {
        this.policy = policy;
        this.driver = driver;
        this.times = times;
        this.own = own;
        this.facts = facts;
        this.parts = assembly.joined(this);
    }

    MeshWiring parts() {
        return parts;
    }

    void started(ContainerStarted started) {
        ContainerId id = started.container().id();
        MeshContainer candidate = candidates.computeIfAbsent(id, unknown -> new MeshContainer());
        if (candidate.initPid == started.initPid()) {
            return;
        }
        candidate.rest();
        candidate.initPid = started.initPid();
        candidate.rootfs = Optional.of(rootfs(started.container()));
        candidate.leaving = false;
        candidate.state = MeshState.fresh(nowMs());
        parts.holders().put(id, GuestRoot.pathOf(started.initPid()));
        look(id, candidate);
    }

    private static Path rootfs(Container container) {
        return Path.of(container.lxcPath(), container.id().value(), "rootfs");
    }

    void stopped(Container container) {
        ContainerId id = container.id();
        parts.exam().forget(id);
        parts.watch().end(id);
        parts.holders().put(id, rootfs(container));
        MeshContainer candidate = candidates.get(id);
        if (candidate != null) {
            candidate.rest();
            candidate.initPid = 0;
            candidate.watchedPid = 0;
            candidate.state = MeshState.fresh(nowMs());
        }
    }

    /** A container is there, and nothing else is known of it. */
    void defined(Container container) {
        candidates.computeIfAbsent(container.id(), id -> {
            parts.holders().put(id, rootfs(container));
            return new MeshContainer();
        });
    }

    void removed(Container container) {
        stopped(container);
        candidates.remove(container.id());
        parts.holders().remove(container.id());
        removeIfGone(container.id());
    }

    /** Every container that there is has been told of: the others that were in a mesh are gone. */
    void listed() {
        parts.records().members().stream()
                .map(MeshHost::container)
                .filter(id -> !candidates.containsKey(id))
                .forEach(this::removeIfGone);
    }

    /** Something about the container's network is new: what was waited for may be there. */
    void network(ContainerId id) {
        MeshContainer candidate = candidates.get(id);
        if (candidate != null && candidate.state.nodes().isEmpty()) {
            look(id, candidate);
        }
    }

    /** What is wanted for a container has changed. */
    void look(ContainerId id) {
        MeshContainer candidate = candidates.get(id);
        if (candidate != null) {
            candidate.rest();
            candidate.leaving = false;
            candidate.state = MeshState.fresh(nowMs());
            look(id, candidate);
        }
    }

    private void look(ContainerId id, MeshContainer candidate) {
        Optional<MeshIntent> intent = policy.intentFor(id);
        if (candidate.initPid == 0 || candidate.leaving || intent.isEmpty()) {
            return;
        }
        if (!candidate.work.isDisposed()) {
            candidate.again = true;
            return;
        }
        if (candidate.watchedPid != candidate.initPid) {
            candidate.watchedPid = candidate.initPid;
            parts.watch().begin(id, candidate.initPid);
        }
        candidate.timer.dispose();
        candidate.again = false;
        // The state says whether a look is under way, so it is settled before the result is dealt with.
        candidate.work = parts.looks()
                .look(new MeshTarget(id, candidate.initPid, intent.get(), candidate.state, nowMs()))
                .observeOn(own)
                .subscribe(seen -> seen(id, candidate, seen), defect -> defect(id, candidate, defect));
    }

    private void seen(ContainerId id, MeshContainer candidate, MeshObservation seen) {
        MeshState.Step step = candidate.state.after(
                id, seen, nowMs(), times, ThreadLocalRandom.current().nextDouble());
        candidate.state = step.next();
        if (seen instanceof MeshObservation.Registered) {
            // What the server said before is about another node.
            parts.exam().forget(id);
        }
        step.facts().forEach(facts);
        if (!step.next().why().isEmpty()) {
            LOG.debug(
                    "container={} phase={} looks={} {}",
                    id,
                    step.next().phase(),
                    step.next().counts().looks(),
                    step.next().why());
        }
        next(id, candidate, step.againMs());
    }

    private void defect(ContainerId id, MeshContainer candidate, Throwable defect) {
        LOG.error("container={} cannot be looked at", id, defect);
        next(id, candidate, times.retryLast().toMillis());
    }

    private void next(ContainerId id, MeshContainer candidate, long againMs) {
        candidate.timer.dispose();
        candidate.timer =
                own.scheduleDirect(() -> look(id, candidate), candidate.again ? 1 : againMs, TimeUnit.MILLISECONDS);
    }

    /** Removes the host of a container that is gone, once the driver says so too. */
    private void removeIfGone(ContainerId id) {
        if (parts.records().member(id).isEmpty()) {
            return;
        }
        work.add(driver.exists(id)
                .flatMap(exists ->
                        exists ? Single.just(false) : parts.departures().gone(id))
                .observeOn(own)
                .subscribe(
                        abandoned -> {
                            if (abandoned) {
                                left();
                            }
                        },
                        failure -> LOG.warn("container={} may be gone: {}", id, failure.getMessage())));
    }

    /** A container that is being repaired is looked at after each attempt, and not at what the attempt does. */
    @Override
    public void linkChanged(ContainerId id) {
        MeshContainer candidate = candidates.get(id);
        if (candidate == null || !candidate.settling.isDisposed()) {
            return;
        }
        Phase phase = candidate.state.phase();
        if (phase == Phase.CONFIRMING || phase == Phase.UNCONFIRMED) {
            look(id, candidate);
        } else if (phase == Phase.JOINED || phase == Phase.DEGRADED) {
            // It goes, too, when a container stops, and that is no loss.
            candidate.settling = own.scheduleDirect(() -> look(id, candidate), LINK_SETTLES_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** The file of tokens or the credential may be what was missing. */
    @Override
    public void filesChanged() {
        candidates.forEach((id, candidate) -> {
            if (!candidate.state.remedy().isEmpty()) {
                look(id, candidate);
            }
        });
    }

    @Override
    public void left() {
        parts.cleaning().begin();
    }

    /** Takes a container out of its mesh; see {@link NetmakerVerticle#leave}. */
    Single<Boolean> leave(ContainerId id) {
        MeshContainer candidate = candidates.computeIfAbsent(id, unknown -> new MeshContainer());
        candidate.rest();
        candidate.leaving = true;
        candidate.watchedPid = 0;
        parts.watch().end(id);
        return parts.departures().leave(id, candidate.root(), candidate.initPid != 0, policy.intentFor(id));
    }

    /** How every running container that is to be in a mesh stands with it. */
    List<MeshStatus> status() {
        return candidates.entrySet().stream()
                .filter(entry -> entry.getValue().initPid != 0
                        && policy.intentFor(entry.getKey()).isPresent())
                .map(entry -> status(entry.getKey(), entry.getValue().state))
                .toList();
    }

    private static MeshStatus status(ContainerId id, MeshState state) {
        return new MeshStatus(id, state.phase(), state.counts().joins(), state.why(), state.remedy(), state.nodes());
    }

    /** Ends all that is under way. */
    void end() {
        work.dispose();
        parts.cleaning().end();
        parts.watch().close();
        candidates.values().forEach(MeshContainer::rest);
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
