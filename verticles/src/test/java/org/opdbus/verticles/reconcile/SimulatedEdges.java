// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.edges.ContainerCheck;
import org.opdbus.verticles.edges.ContainerCheck.Presence;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.edges.LinkWork.Ends;
import org.opdbus.verticles.edges.LinkWork.Named;
import org.opdbus.verticles.edges.NewLink;
import org.opdbus.verticles.edges.NewPort;
import org.opdbus.verticles.edges.PortWork;
import org.opdbus.verticles.view.PortOwner;

/**
 * The edges of a {@link SimulatedHost}: they obey as the real ones do, guarded as the real ones are, and fail now and then,
 * before or after they have done what they were asked. Each refuses, by failing the test, to touch what is a stranger's.
 */
final class SimulatedEdges implements LinkWork, PortWork, ContainerCheck {
    private final SimulatedHost host;
    private final String owner;
    private final Random chance;

    /** Out of a hundred calls, how many fail. */
    int failing;

    /** By which some calls take their time. */
    Scheduler time = new TestScheduler();

    /** How often a link got a name. */
    int names;

    /** How many calls changed something. */
    int changes;

    SimulatedEdges(SimulatedHost host, String owner, Random chance) {
        this.host = host;
        this.owner = owner;
        this.chance = chance;
    }

    /** What the reconciler did that it must never do. */
    final List<String> violations = new ArrayList<>();

    Edges edges() {
        return new Edges(this, this, this);
    }

    private <T> Single<T> call(Callable<T> work) {
        Single<T> call = answer(work);
        // So that several are under way at a time, and come back in another order than they were begun in.
        return chance.nextBoolean() ? call : call.delaySubscription(chance.nextInt(30), TimeUnit.MILLISECONDS, time);
    }

    private <T> Single<T> answer(Callable<T> work) {
        return Single.fromCallable(() -> {
            int dice = chance.nextInt(100);
            if (dice < failing / 2) {
                throw failure();
            }
            T result = work.call();
            if (dice < failing) {
                // The change is made, but its answer is lost.
                throw new StepException(Reason.UNAVAILABLE, "the answer was lost");
            }
            return result;
        });
    }

    private StepException failure() {
        return chance.nextBoolean()
                ? new StepException(Reason.UNAVAILABLE, "out of reach")
                : new StepException(Reason.LINK_REFUSED, "refused");
    }

    /** As from ovsdb-server, an answer comes behind every update that it follows. */
    private <T> Single<T> onDatabase(Callable<T> work) {
        return call(() -> {
                    if (!host.database) {
                        throw new StepException(Reason.UNAVAILABLE, "the database is away");
                    }
                    changes++;
                    return work.call();
                })
                .flatMap(done -> host.caughtUp().toSingleDefault(done));
    }

    /** An assertion here would become one more failed step, so the test must check this itself. */
    private void mustHold(boolean holds, String what) {
        if (!holds) {
            violations.add(what);
        }
    }

    private static StepException stale(String what) {
        return new StepException(Reason.STALE, what);
    }

    private Link ownLink(Link link) {
        Link now = host.links.get(link.index());
        if (now == null) {
            throw stale("link " + link.index() + " has gone");
        }
        mustHold(
                host.ownerOf(now).isPresent() || host.lingers(now),
                "link " + now + " is a container's, or was until a moment ago");
        return now;
    }

    @Override
    public Single<Integer> namespaceOf(long initPid) {
        return call(() -> host.running.values().stream()
                .filter(run -> run.initPid() == initPid)
                .findFirst()
                .map(run -> host.links.values().stream().anyMatch(link -> link.peerNamespace() == run.namespace())
                        ? run.namespace()
                        : Link.NO_NAMESPACE)
                .orElseThrow(() -> stale("no such process")));
    }

    @Override
    public Single<Optional<Link>> find(LinkName name) {
        return call(() -> host.linkNamed(name.value()));
    }

    @Override
    public Single<Named> name(Link link, LinkName to, NamingMode mode) {
        return call(() -> {
            Link now = ownLink(link);
            mustHold(!host.isOfEngine(now), "the named link " + now + " is none of an engine's");
            if (mode == NamingMode.RENAME ? now.name().equals(to) : now.answersTo(to.value())) {
                return new Named(now, false);
            }
            if (host.linkNamed(to.value())
                    .filter(other -> other.index() != link.index())
                    .isPresent()) {
                throw stale("name taken");
            }
            changes++;
            List<String> altNames = new ArrayList<>(now.altNames());
            if (mode == NamingMode.ALTNAME) {
                altNames.add(to.value());
            }
            Link named = SimulatedHost.with(now, mode == NamingMode.RENAME ? to : now.name(), altNames, now.up());
            host.change(named);
            names++;
            return new Named(named, true);
        });
    }

    @Override
    public Single<Optional<Link>> find(int index) {
        return call(() -> Optional.ofNullable(host.links.get(index)));
    }

    @Override
    public Single<Ends> look(Link link, long initPid) {
        return call(() -> new Ends(
                inContainer(link, initPid),
                new Link.Inner(new LinkName("eth0"), "02:00:00:00:00:01", false),
                Optional.ofNullable(host.innerEnds.get(link.index()))
                        .map(SimulatedHost.InnerEnd::up)
                        .orElse(true)));
    }

    @Override
    public Single<Made> make(NewLink link, long initPid) {
        return call(() -> {
            int namespace = host.running.values().stream()
                    .filter(run -> run.initPid() == initPid)
                    .findFirst()
                    .orElseThrow(() -> stale("no such process"))
                    .namespace();
            Optional<Link> present = host.linkNamed(link.outer().value());
            if (present.isPresent()) {
                if (present.get().peerNamespace() != namespace) {
                    throw stale("another link has the name");
                }
                open(present.get(), link.inner());
                return made(link, false, present.get());
            }
            if (hasInner(namespace, link.inner())) {
                throw new StepException(Reason.LINK_REFUSED, "the container has a link " + link.inner());
            }
            changes++;
            Link made = host.addLink(link.outer().value(), "veth", namespace);
            host.innerEnds.put(made.index(), new SimulatedHost.InnerEnd(link.inner(), false));
            if (chance.nextInt(100) < failing) {
                // The next run of the agent, or the next attempt, finds a link that is half made.
                throw failure();
            }
            host.change(made.withUp());
            open(made, link.inner());
            return made(link, true, made.withUp());
        });
    }

    private static Made made(NewLink link, boolean now, Link outer) {
        return new Made(
                now,
                outer,
                new Link.Inner(link.inner(), link.mac(), link.finishesChecksums()),
                false,
                outer.peerNamespace());
    }

    @Override
    public Completable raiseInner(Link link, long initPid) {
        return call(() -> {
                    Link now = inContainer(link, initPid);
                    SimulatedHost.InnerEnd end = host.innerEnds.get(now.index());
                    mustHold(end != null, "link " + now + " was made by the agent");
                    if (end != null) {
                        open(now, end.name());
                    }
                    return now;
                })
                .ignoreElement();
    }

    private boolean hasInner(int namespace, LinkName name) {
        return host.links.values().stream()
                .filter(link -> link.isVethIntoNamespace() && link.peerNamespace() == namespace)
                .map(link -> host.innerEnds.get(link.index()))
                .anyMatch(end -> end != null && end.name().equals(name));
    }

    private void open(Link link, LinkName inner) {
        host.innerEnds.put(link.index(), new SimulatedHost.InnerEnd(inner, true));
    }

    @Override
    public Single<Link> raise(Link link) {
        return call(() -> {
            Link now = ownLink(link);
            mustHold(!host.isOfEngine(now), "the link " + now + " that is set up is none of an engine's");
            if (!now.up()) {
                changes++;
                now = now.withUp();
                host.change(now);
            }
            return now;
        });
    }

    @Override
    public Single<Boolean> finishChecksums(Link link, Link.Inner inner, long initPid) {
        return call(() -> inContainer(link, initPid)).map(own -> true);
    }

    private Link inContainer(Link link, long initPid) {
        Link now = ownLink(link);
        boolean leadsThere = host.running.values().stream()
                .anyMatch(run -> run.initPid() == initPid && run.namespace() == now.peerNamespace());
        if (!leadsThere) {
            throw stale("link " + link.index() + " leads elsewhere");
        }
        mustHold(!host.isOfEngine(now), "the link " + now + " that is looked at is none of an engine's");
        return now;
    }

    @Override
    public Single<Boolean> assign(Link link, Link.Inner inner, long initPid, StaticAddress address) {
        return call(() -> ownLink(link)).map(own -> true);
    }

    @Override
    public Completable unassign(Link link, Link.Inner inner, long initPid, StaticAddress address) {
        return call(() -> ownLink(link)).ignoreElement();
    }

    @Override
    public Completable caughtUp() {
        return call(() -> {
                    if (!host.database) {
                        throw new StepException(Reason.UNAVAILABLE, "the database is away");
                    }
                    return host.caughtUp();
                })
                .flatMapCompletable(heard -> heard);
    }

    @Override
    public Completable attach(NewPort port) {
        return onDatabase(() -> {
                    if (host.ports.containsKey(port.name())
                            || port.otherNames().stream().anyMatch(host.ports::containsKey)) {
                        throw stale("the name is taken");
                    }
                    host.addPort(port.name(), port.bridge(), port.settings().tag(), port.ids());
                    return port;
                })
                .ignoreElement();
    }

    @Override
    public Completable absorb(Port late, Port own, Map<String, String> marks) {
        return onDatabase(() -> {
                    Port now = ownRow(own);
                    Port second = row(late);
                    mustHold(!isOurs(second), "row " + second + " is another hand's");
                    Map<String, String> ids = new HashMap<>(now.externalIds());
                    ids.remove(PortOwner.ENTRY);
                    ids.putAll(marks);
                    host.removePort(second.name());
                    host.put(SimulatedHost.with(now, now.bridge(), second.tag(), ids));
                    return now;
                })
                .ignoreElement();
    }

    @Override
    public Completable limit(Port port, Map<String, String> ids, Map<String, Integer> columns) {
        return Completable.error(new IllegalStateException("there is no Proxmox here"));
    }

    @Override
    public Completable mark(Port port, Map<String, String> ids) {
        return onDatabase(() -> {
                    Port now = row(port);
                    ContainerId container = new ContainerId(ids.getOrDefault(PortOwner.CONTAINER, "none"));
                    // A row that outlived its link was the container's when it was looked at, and is removed next.
                    boolean ofSomebodyElse = host.linkNamed(now.name())
                            .filter(link -> !host.ownerOf(link).equals(Optional.of(container)) && !host.lingers(link))
                            .isPresent();
                    mustHold(
                            !ofSomebodyElse || !host.running.containsKey(container) || isOurs(now),
                            "the row " + now + " that is marked is that of a link of container " + container);
                    Map<String, String> all = new HashMap<>(now.externalIds());
                    all.putAll(ids);
                    host.put(SimulatedHost.with(now, now.bridge(), now.tag(), all));
                    return now;
                })
                .ignoreElement();
    }

    private Port row(Port port) {
        return host.ports.values().stream()
                .filter(now -> now.uuid().equals(port.uuid()))
                .findFirst()
                .orElseThrow(() -> stale("no such row"));
    }

    private boolean isOurs(Port port) {
        return owner.equals(port.externalIds().get(PortOwner.OWNER));
    }

    private Port ownRow(Port port) {
        Port now = row(port);
        if (!PortOwner.identityOf(now).equals(PortOwner.identityOf(port))) {
            throw stale("the row is no longer ours");
        }
        mustHold(isOurs(now), "row " + now + " is ours");
        return now;
    }

    @Override
    public Completable swap(Port port, String to, String bridge, Map<String, String> interfaceIds) {
        return onDatabase(() -> {
                    Port now = ownRow(port);
                    if (host.ports.containsKey(to)) {
                        throw stale("the name is taken");
                    }
                    host.ports.remove(now.name());
                    host.addPort(to, bridge, now.tag(), now.externalIds());
                    return now;
                })
                .ignoreElement();
    }

    @Override
    public Completable remove(Port port) {
        return onDatabase(() -> {
                    if (host.ports.values().stream().anyMatch(row -> row.uuid().equals(port.uuid()))) {
                        host.removePort(ownRow(port).name());
                    }
                    return port;
                })
                .ignoreElement();
    }

    @Override
    public Completable retag(Port port, Optional<Integer> vlan) {
        return onDatabase(() -> {
                    Port now = ownRow(port);
                    host.put(SimulatedHost.with(now, now.bridge(), vlan, now.externalIds()));
                    return now;
                })
                .ignoreElement();
    }

    @Override
    public Completable move(Port port, String bridge) {
        return onDatabase(() -> {
                    Port now = ownRow(port);
                    host.put(SimulatedHost.with(now, bridge, now.tag(), now.externalIds()));
                    return now;
                })
                .ignoreElement();
    }

    @Override
    public Single<Presence> presence(ContainerId container) {
        return call(() -> {
            if (container.kind().isEngine() && !host.engines.answers(container)) {
                return Presence.UNKNOWN;
            }
            return host.running.containsKey(container) ? Presence.RUNNING : Presence.GONE;
        });
    }
}
