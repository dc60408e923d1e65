// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.kernel.NetlinkException;
import org.opdbus.verticles.netmaker.GuestNetclient.Identity;
import org.opdbus.verticles.netmaker.JoinOutcome.Joined;
import org.opdbus.verticles.netmaker.JoinOutcome.Permanent;
import org.opdbus.verticles.netmaker.JoinOutcome.Retryable;
import org.opdbus.verticles.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.netmaker.Seen.Health;
import org.opdbus.verticles.netmaker.Seen.InMesh;
import org.opdbus.verticles.netmaker.Seen.NotYet;
import org.opdbus.verticles.netmaker.Seen.Refused;
import org.opdbus.verticles.netmaker.Seen.Registered;

/**
 * Looks at a running container and brings it one step further into its mesh.
 *
 * <p>What there is already is looked at before anything is done: a container that is registered does not join again,
 * because each registration uses up one use of its key.
 */
final class MeshLook {
    private static final Path KERNEL_MODULE = Path.of("/sys/module/wireguard");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|\\[.*]");

    private final NetmakerOptions options;
    private final GuestCommands commands;
    private final MeshRecords records;
    private final Scheduler waiting;

    /**
     * A look.
     *
     * @param waiting threads that may wait for files and the kernel
     */
    MeshLook(NetmakerOptions options, GuestCommands commands, MeshRecords records, Scheduler waiting) {
        this.options = options;
        this.commands = commands;
        this.records = records;
        this.waiting = waiting;
    }

    /** What is seen of a container; never fails but for a defect. Disposing of it ends what runs in the container. */
    Single<Seen> look(ContainerId id, long initPid, MeshIntent intent, MeshState state) {
        Single<Seen> look =
                Single.defer(() -> begin(id, initPid, intent, state)).subscribeOn(waiting);
        Single<Seen> repaired = state.phase() == Phase.LOST
                ? commands.pull(id).onErrorComplete().ignoreElement().andThen(look)
                : look;
        return repaired.onErrorResumeNext(MeshLook::failed);
    }

    private static Single<Seen> failed(Throwable failure) {
        if (failure instanceof NetmakerException known) {
            return Single.just(
                    switch (known.reason()) {
                        case ENV_FILE, NO_SUCH_TOKEN, NOT_A_TOKEN ->
                            new Refused(
                                    Refusal.MESH_TOKEN,
                                    String.valueOf(known.getMessage()),
                                    known.remedy(),
                                    Optional.empty());
                        default -> new NotYet(String.valueOf(known.getMessage()), known.remedy(), false);
                    });
        }
        if (failure instanceof NetlinkException || failure instanceof DriverException) {
            return Single.just(new NotYet(String.valueOf(failure.getMessage()), "", true));
        }
        return Single.error(failure);
    }

    private Single<Seen> begin(ContainerId id, long initPid, MeshIntent intent, MeshState state)
            throws NetmakerException {
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
        EnrollmentToken token = NetmakerEnv.read(options.envFile()).token(intent.tokenName());
        Optional<String> server = guest.serverAt(token.server());
        if (server.isPresent()) {
            remember(id, guest, token.server());
            return Single.just(new Registered(server.get(), false));
        }
        if (state.refused().filter(token::equals).isPresent()) {
            return Single.just(new Refused(Refusal.MESH_REFUSED, state.why(), "", state.refused()));
        }
        return prepareAndJoin(id, initPid, token);
    }

    private Single<Seen> inMesh(
            ContainerId id, long initPid, MeshIntent intent, GuestNetclient guest, Identity identity)
            throws NetmakerException {
        Optional<String> api = records.member(id).map(MeshHost::api).or(() -> server(intent));
        if (api.isPresent()) {
            remember(id, guest, api.get());
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
                .map(peers -> {
                    boolean silent = peers.filter(MeshLook::allSilent).isPresent();
                    return new InMesh(
                            server,
                            identity.hostId(),
                            identity.link(),
                            guest.nodes(),
                            silent ? Health.DEGRADED : Health.HEALTHY,
                            silent ? "no peer has answered for " + MeshState.SILENCE_MAX.toSeconds() + " s" : "");
                });
    }

    private static boolean allSilent(List<Long> handshakes) {
        long oldest = Instant.now().getEpochSecond() - MeshState.SILENCE_MAX.toSeconds();
        return !handshakes.isEmpty() && handshakes.stream().allMatch(handshake -> handshake < oldest);
    }

    private Optional<String> server(MeshIntent intent) {
        try {
            return Optional.of(NetmakerEnv.read(options.envFile())
                    .token(intent.tokenName())
                    .server());
        } catch (NetmakerException noToken) {
            // It is in its mesh already; the token is needed no more.
            return Optional.empty();
        }
    }

    private Single<Seen> prepareAndJoin(ContainerId id, long initPid, EnrollmentToken token) {
        GuestNetwork network = GuestNetwork.of(initPid, "");
        if (!network.carrier()) {
            return Single.just(new NotYet("it has no link that carries packets", "", true));
        }
        if (!network.routed()) {
            return Single.just(new NotYet("it has no default route", "", true));
        }
        String host = token.server().replaceFirst(":[0-9]+$", "");
        return commands.look(id, NUMBERS.matcher(host).matches() ? "" : host)
                .flatMap(found ->
                        missing(found, host).map(Single::<Seen>just).orElseGet(() -> join(id, initPid, token)));
    }

    private static Optional<Seen> missing(Set<String> found, String host) {
        if (!found.contains("netclient")) {
            return Optional.of(new NotYet("netclient is not in the container", JoinOutput.PROGRAM_REMEDY, false));
        }
        if (!found.contains("tun") && !Files.exists(KERNEL_MODULE)) {
            return Optional.of(
                    new NotYet("WireGuard is not possible in the container", JoinOutput.WIREGUARD_REMEDY, false));
        }
        return found.contains("dns")
                ? Optional.empty()
                : Optional.of(new NotYet("it cannot resolve the name " + host, "", true));
    }

    private Single<Seen> join(ContainerId id, long initPid, EnrollmentToken token) {
        return commands.join(id, token).observeOn(waiting).map(result -> joined(id, initPid, token, result));
    }

    private Seen joined(ContainerId id, long initPid, EnrollmentToken token, CommandResult result)
            throws NetmakerException {
        JoinOutcome outcome = JoinOutput.classify(result);
        if (outcome instanceof Permanent permanent) {
            return new Refused(Refusal.MESH_REFUSED, permanent.message(), permanent.remedy(), Optional.of(token));
        }
        // The server may have taken it even if netclient could not say so.
        remember(id, GuestNetclient.read(root(initPid)), token.server());
        if (outcome instanceof Joined joined) {
            return new Registered(joined.server(), true);
        }
        Retryable retryable = (Retryable) outcome;
        return new NotYet(retryable.reason(), retryable.remedy(), false);
    }

    private void remember(ContainerId id, GuestNetclient guest, String api) throws NetmakerException {
        Optional<MeshHost> host = host(id, guest, api);
        if (host.isPresent()) {
            records.remember(host.get());
        }
    }

    /** The container as its server knows it. */
    static Optional<MeshHost> host(ContainerId id, GuestNetclient guest, String api) {
        return guest.identity()
                .map(identity -> new MeshHost(
                        id,
                        guest.serverAt(api).orElse(api),
                        api,
                        identity.hostId(),
                        identity.mac(),
                        identity.password()));
    }

    /** The root folder of the container whose init this is. */
    static Path root(long initPid) {
        return Path.of("/proc", Long.toString(initPid), "root");
    }
}
