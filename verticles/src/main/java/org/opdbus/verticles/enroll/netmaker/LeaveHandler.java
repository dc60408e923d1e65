// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.MeshEvent.MeshCleaned;
import org.opdbus.events.MeshEvent.MeshLeft;
import org.opdbus.events.MeshEvent.MeshOrphaned;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.plan.MeshIntent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes containers out of their mesh, and later removes the hosts of those that could not be taken out.
 *
 * <p>A departure is recorded on disk before anything is done. So a host is removed in the end, even if the agent, the server
 * or the container ends meanwhile.
 */
final class LeaveHandler {
    private static final Logger LOG = LoggerFactory.getLogger(LeaveHandler.class);

    private final Duration limit;
    private final MeshEdges edges;
    private final HostRecords records;
    private final Consumer<Event> facts;

    /**
     * A handler of departures.
     *
     * @param limit how long one departure may take
     */
    LeaveHandler(Duration limit, MeshEdges edges, Consumer<Event> facts) {
        this.limit = limit;
        this.edges = edges;
        this.records = edges.records();
        this.facts = facts;
    }

    /**
     * Takes a container out of its mesh, if it is in one.
     *
     * @param root the root folder of its files, if it can be reached
     * @param running whether it runs
     * @param intent the mesh that it was to be in, if it still is known
     * @return whether its host is gone; false if that is left to {@link #clean}. It does not fail, and takes no longer than
     *     the limit
     */
    Single<Boolean> leave(ContainerId id, Optional<Path> root, boolean running, Optional<MeshIntent> intent) {
        return Single.fromCallable(() -> host(id, root, intent))
                .subscribeOn(edges.waiting())
                .flatMap(host ->
                        host.isPresent() && isItsOwn(host.get()) ? depart(host.get(), running) : Single.just(true))
                .onErrorReturn(failure -> {
                    LOG.error("container={} may have left its host behind: {}", id, failure.getMessage());
                    return false;
                });
    }

    /** Whether no other container has the same identity; a host that two have stays with the other one. */
    private boolean isItsOwn(MeshHost host) throws NetmakerException {
        Optional<ContainerId> other = edges.owners().other(host);
        if (other.isPresent()) {
            LOG.warn("{} is not removed: container={} has the same identity", host, other.get());
            records.handOver(host);
        }
        return other.isEmpty();
    }

    /** Notes that a container has another identity now, and that its former host is to be removed. */
    void former(MeshHost host) {
        facts.accept(new MeshOrphaned(
                host.container(), host.server(), host.hostId(), "the container has another identity now"));
    }

    private Single<Boolean> depart(MeshHost host, boolean running) {
        Completable inside = running
                ? edges.commands()
                        .leave(host.container(), host.server())
                        .ignoreElement()
                        .onErrorComplete()
                : Completable.complete();
        return Completable.fromAction(() -> records.abandon(host))
                .andThen(inside)
                .andThen(removed(host))
                .andThen(Single.fromCallable(() -> {
                    facts.accept(new MeshLeft(host.container(), host.server(), host.hostId()));
                    return true;
                }))
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .onErrorReturn(failure -> {
                    facts.accept(new MeshOrphaned(host.container(), host.server(), host.hostId(), why(failure)));
                    return false;
                });
    }

    private static String why(Throwable failure) {
        return failure instanceof TimeoutException
                ? "the server did not answer in time"
                : String.valueOf(failure.getMessage());
    }

    private Completable removed(MeshHost host) {
        return Completable.fromAction(() -> {
                    edges.api().remove(host);
                    records.forget(host);
                })
                .subscribeOn(edges.waiting());
    }

    /** The host that a container is: what its files say now, else what they said last. */
    private Optional<MeshHost> host(ContainerId id, Optional<Path> root, Optional<MeshIntent> intent)
            throws NetmakerException {
        Optional<MeshHost> recorded = records.member(id);
        Optional<String> server = recorded.map(MeshHost::api).or(() -> intent.flatMap(edges.tokens()::server));
        if (root.isEmpty() || server.isEmpty()) {
            return recorded;
        }
        try {
            return MeshHost.of(id, GuestNetclient.read(root.get()), server.get())
                    .or(() -> recorded);
        } catch (NetmakerException unreadable) {
            LOG.warn("container={} {}", id, unreadable.getMessage());
            return recorded;
        }
    }

    /** Records that a container is gone without having left its mesh. Emits whether it was a host. */
    Single<Boolean> gone(ContainerId id) {
        return Single.fromCallable(() -> {
                    Optional<MeshHost> host = records.member(id);
                    if (host.isPresent()) {
                        records.abandon(host.get());
                        facts.accept(new MeshOrphaned(
                                id, host.get().server(), host.get().hostId(), "the container is gone"));
                    }
                    return host.isPresent();
                })
                .subscribeOn(edges.waiting());
    }

    /** Tries once to remove each host and key that is left behind; says whether none is left. Does not fail. */
    Single<Boolean> clean() {
        return Single.zip(cleanHosts(), cleanKeys(), (hosts, keys) -> hosts && keys);
    }

    private Single<Boolean> cleanKeys() {
        return Single.fromCallable(() -> {
                    if (edges.keys().isPresent()) {
                        edges.keys().get().clean();
                    }
                    return true;
                })
                .onErrorReturn(failure -> {
                    LOG.warn("enrolment keys are left behind: {}", failure.getMessage());
                    return false;
                })
                .subscribeOn(edges.waiting());
    }

    private Single<Boolean> cleanHosts() {
        return Single.fromCallable(records::orphans)
                .flattenAsFlowable(hosts -> hosts)
                .filter(this::isItsOwn)
                .concatMapSingle(host -> removed(host)
                        .andThen(Single.fromCallable(() -> {
                            facts.accept(new MeshCleaned(host.container(), host.server(), host.hostId()));
                            return true;
                        }))
                        .onErrorReturn(failure -> {
                            LOG.warn(
                                    "host={} server={} is left behind: {}",
                                    host.hostId(),
                                    host.server(),
                                    failure.getMessage());
                            return false;
                        }))
                .all(done -> done)
                .subscribeOn(edges.waiting());
    }
}
