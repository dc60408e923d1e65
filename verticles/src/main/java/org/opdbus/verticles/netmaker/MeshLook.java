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
import org.opdbus.verticles.netmaker.KeyMint.MintedKey;
import org.opdbus.verticles.netmaker.MeshStatus.Phase;
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
    private static final Path KERNEL_MODULE = Path.of("/sys/module/wireguard");
    private static final Logger LOG = LoggerFactory.getLogger(MeshLook.class);
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|\\[.*]");

    private final NetmakerOptions options;
    private final GuestCommands commands;
    private final MeshRecords records;
    private final Tokens tokens;
    private final ServerOpinions opinions;
    private final Scheduler waiting;
    private final Runnable keyLeft;

    /**
     * A look.
     *
     * @param waiting threads that may wait for files, the kernel and servers
     * @param keyLeft told when a key that was made could not be deleted
     */
    MeshLook(
            NetmakerOptions options,
            GuestCommands commands,
            MeshRecords records,
            Tokens tokens,
            ServerOpinions opinions,
            Scheduler waiting,
            Runnable keyLeft) {
        this.options = options;
        this.commands = commands;
        this.records = records;
        this.tokens = tokens;
        this.opinions = opinions;
        this.waiting = waiting;
        this.keyLeft = keyLeft;
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
            remember(id, guest, api.get());
            return Single.just(new Registered(
                    server.get(), false, identity.isPresent() && isPending(api.get(), identity.get().hostId(), state)));
        }
        if (state.refused().isPresent() && (kept.isEmpty() || state.refused().equals(kept))) {
            return Single.just(new Refused(Refusal.MESH_REFUSED, state.why(), state.remedy(), state.refused()));
        }
        Optional<LeftJoin> left = LeftJoin.in(initPid);
        if (left.isPresent()) {
            left.get().endIfOlderThan(options.times().join());
            return Single.just(new NotYet("netclient still runs there since before the agent started", "", true));
        }
        return prepareAndJoin(id, initPid, intent, kept, api.orElse(""));
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

    private Single<Seen> prepareAndJoin(
            ContainerId id, long initPid, MeshIntent intent, Optional<EnrollmentToken> kept, String api) {
        GuestNetwork network = GuestNetwork.of(initPid, "");
        if (!network.carrier()) {
            return Single.just(new NotYet("it has no link that carries packets", "", true));
        }
        if (!network.routed()) {
            return Single.just(new NotYet("it has no default route", "", true));
        }
        String host = api.replaceFirst(":[0-9]+$", "");
        Single<Seen> join = kept.map(token -> join(id, initPid, token, false))
                .orElseGet(() -> joinWithOwnKey(id, initPid, tokens.mint(intent).orElseThrow()));
        return commands.look(id, NUMBERS.matcher(host).matches() ? "" : host)
                .observeOn(waiting)
                .flatMap(found -> missing(found, host).map(Single::<Seen>just).orElse(join));
    }

    /** Makes a key, joins with it, and deletes it however that ends, also when nobody waits for the end any more. */
    private Single<Seen> joinWithOwnKey(ContainerId id, long initPid, KeyMint mint) {
        return Single.using(
                () -> minted(id, mint),
                key -> join(id, initPid, key.token(), true),
                key -> waiting.scheduleDirect(() -> discard(mint, key)),
                false);
    }

    private MintedKey minted(ContainerId id, KeyMint mint) throws NetmakerException, InterruptedException {
        try {
            return mint.mint(id);
        } catch (NetmakerException failure) {
            // The server may have made it even if it could not say so.
            keyLeft.run();
            throw failure;
        }
    }

    private void discard(KeyMint mint, MintedKey key) {
        try {
            mint.discard(key);
        } catch (NetmakerException failure) {
            LOG.warn("key={} is left behind: {}", key.name(), failure.getMessage());
            keyLeft.run();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
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

    private Single<Seen> join(ContainerId id, long initPid, EnrollmentToken token, boolean ownKey) {
        return Single.defer(() -> {
            // If it was a host before, it is one as soon as the server has heard of it.
            remember(id, GuestNetclient.read(root(initPid)), token.server());
            return commands.join(id, token)
                    .observeOn(waiting)
                    .map(result -> joined(id, initPid, token, ownKey, result));
        });
    }

    private Seen joined(ContainerId id, long initPid, EnrollmentToken token, boolean ownKey, CommandResult result)
            throws NetmakerException {
        JoinOutcome outcome = JoinOutput.classify(result);
        if (outcome instanceof Permanent permanent) {
            return ownKey && permanent.ofKey()
                    ? new NotYet("the server refused the key that it had made: " + permanent.message(), "", false)
                    : new Refused(Refusal.MESH_REFUSED, permanent.message(), permanent.remedy(), Optional.of(token));
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
