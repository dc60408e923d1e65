// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.kernel.NetlinkException;
import org.opdbus.verticles.netmaker.GuestNetclient.Identity;
import org.opdbus.verticles.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.netmaker.Seen.Ended;
import org.opdbus.verticles.netmaker.Seen.Health;
import org.opdbus.verticles.netmaker.Seen.InMesh;
import org.opdbus.verticles.netmaker.Seen.NotYet;
import org.opdbus.verticles.netmaker.Seen.Refused;
import org.opdbus.verticles.netmaker.Seen.Registered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a running container and brings it one step further into its mesh.
 *
 * <p>What there is already is looked at before anything is done: a container that is registered does not join again,
 * because each registration uses up one use of its key.
 */
final class MeshLook {
    private static final Logger LOG = LoggerFactory.getLogger(MeshLook.class);

    private final NetmakerOptions options;
    private final GuestCommands commands;
    private final MeshRecords records;
    private final Tokens tokens;
    private final ServerOpinions opinions;
    private final Joins joins;
    private final Scheduler waiting;

    /**
     * A look.
     *
     * @param waiting threads that may wait for files, the kernel and servers
     */
    MeshLook(
            NetmakerOptions options,
            GuestCommands commands,
            MeshRecords records,
            Tokens tokens,
            ServerOpinions opinions,
            Joins joins,
            Scheduler waiting) {
        this.options = options;
        this.commands = commands;
        this.records = records;
        this.tokens = tokens;
        this.opinions = opinions;
        this.joins = joins;
        this.waiting = waiting;
    }

    /** What is seen of a container; never fails but for a defect. Disposing of it ends what runs in the container. */
    Single<Seen> look(ContainerId id, long initPid, MeshIntent intent, MeshState state) {
        Single<Seen> look =
                Single.defer(() -> begin(id, initPid, intent, state)).subscribeOn(waiting);
        Single<Seen> repaired = state.phase() == Phase.LOST
                ? commands.pull(id).onErrorComplete().ignoreElement().andThen(look)
                : look;
        return repaired.onErrorResumeNext(MeshLook::failed)
                // The files of a container are gone with its init, which says nothing of its mesh.
                .map(seen -> Files.exists(root(initPid)) ? seen : new Ended());
    }

    private static Single<Seen> failed(Throwable failure) {
        if (failure instanceof NetmakerException known) {
            return Single.just(
                    switch (known.reason()) {
                        case ENV_FILE, NO_SUCH_TOKEN, NOT_A_TOKEN, API_FILE ->
                            new Refused(
                                    Refusal.MESH_TOKEN,
                                    String.valueOf(known.getMessage()),
                                    known.remedy(),
                                    Optional.empty());
                        case UNREACHABLE -> new NotYet(String.valueOf(known.getMessage()), "", false);
                        default -> new NotYet(String.valueOf(known.getMessage()), known.remedy(), false);
                    });
        }
        if (failure instanceof NetlinkException
                || failure instanceof DriverException
                || failure instanceof IOException) {
            return Single.just(new NotYet(String.valueOf(failure.getMessage()), "", true));
        }
        return Single.error(failure);
    }

    private Single<Seen> begin(ContainerId id, long initPid, MeshIntent intent, MeshState state)
            throws NetmakerException, IOException {
        GuestNetclient guest = GuestNetclient.read(root(initPid));
        Optional<Identity> identity = guest.identity();
        if (identity.isPresent()) {
            Optional<ContainerId> twin = records.otherWith(identity.get().hostId(), id);
            if (twin.isPresent()) {
                return Single.just(new Refused(
                        Refusal.MESH_REFUSED,
                        "it has the identity of container " + twin.get() + " in its /etc/netclient",
                        "one is a copy of the other: remove /etc/netclient in the copy",
                        Optional.empty()));
            }
            if (!guest.nodes().isEmpty()) {
                return inMesh(id, initPid, intent, guest, identity.get());
            }
        }
        Optional<EnrollmentToken> kept = tokens.kept(intent);
        Optional<String> api = tokens.server(intent);
        Optional<String> server = api.flatMap(guest::serverAt);
        if (server.isPresent()) {
            records.remember(id, guest, api.get());
            return Single.just(new Registered(
                    server.get(),
                    false,
                    identity.isPresent() && isPending(api.get(), identity.get().hostId(), state)));
        }
        if (state.refused().isPresent() && (kept.isEmpty() || state.refused().equals(kept))) {
            return Single.just(new Refused(Refusal.MESH_REFUSED, state.why(), state.remedy(), state.refused()));
        }
        Optional<LeftJoin> left = LeftJoin.in(initPid);
        if (left.isPresent()) {
            left.get().endIfOlderThan(options.times().join());
            return Single.just(new NotYet("a join that was begun before still runs in it", "", true));
        }
        return joins.join(id, initPid, intent, kept, api.orElse(""));
    }

    /** Asks at the second, fourth, eighth… look only, because most nodes come at once. */
    private boolean isPending(String api, String hostId, MeshState state) {
        Optional<KeyMint> mint = tokens.administrationOf(api);
        if (mint.isEmpty() || state.phase() != Phase.CONFIRMING || Integer.bitCount(state.attempts()) != 1) {
            return false;
        }
        try {
            return mint.get().isPending(hostId);
        } catch (NetmakerException failure) {
            LOG.debug("host={} whether it waits for approval is not known: {}", hostId, failure.getMessage());
            return false;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Single<Seen> inMesh(
            ContainerId id, long initPid, MeshIntent intent, GuestNetclient guest, Identity identity)
            throws NetmakerException {
        Optional<String> api = records.member(id).map(MeshHost::api).or(() -> tokens.server(intent));
        if (api.isPresent()) {
            records.remember(id, guest, api.get());
        }
        String server = api.flatMap(guest::serverAt)
                .or(() -> guest.servers().values().stream().findFirst())
                .or(() -> api)
                .orElse("");
        Optional<String> wrong = GuestNetwork.of(initPid, identity.link()).wrong(identity.link(), guest.nodes());
        if (wrong.isPresent()) {
            return Single.just(new InMesh(
                    server, identity.hostId(), identity.link(), guest.nodes(), Health.WITHOUT_INTERFACE, wrong.get()));
        }
        return commands.handshakes(id, identity.link())
                .onErrorReturnItem(Optional.empty())
                .observeOn(waiting)
                .map(peers -> {
                    boolean silent = peers.filter(this::allSilent).isPresent();
                    Optional<String> complaint =
                            records.member(id).flatMap(host -> opinions.complaint(id, host, guest.nodes()));
                    return new InMesh(
                            server,
                            identity.hostId(),
                            identity.link(),
                            guest.nodes(),
                            complaint.isPresent() ? Health.DOUBTED : silent ? Health.SILENT : Health.HEALTHY,
                            complaint.orElse(
                                    silent
                                            ? "no peer has answered for "
                                                    + options.times().silence().toSeconds() + " s"
                                            : ""));
                });
    }

    private boolean allSilent(List<Long> handshakes) {
        long oldest = Instant.now().getEpochSecond() - options.times().silence().toSeconds();
        return !handshakes.isEmpty() && handshakes.stream().allMatch(handshake -> handshake < oldest);
    }

    /** The root folder of the container whose init this is. */
    static Path root(long initPid) {
        return Path.of("/proc", Long.toString(initPid), "root");
    }
}
