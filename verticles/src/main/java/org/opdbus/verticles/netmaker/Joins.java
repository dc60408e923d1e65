// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.netmaker.JoinOutcome.Joined;
import org.opdbus.verticles.netmaker.JoinOutcome.Permanent;
import org.opdbus.verticles.netmaker.JoinOutcome.Retryable;
import org.opdbus.verticles.netmaker.KeyMint.MintedKey;
import org.opdbus.verticles.netmaker.Seen.NotYet;
import org.opdbus.verticles.netmaker.Seen.Refused;
import org.opdbus.verticles.netmaker.Seen.Registered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers containers at their servers, once all is there that a registration needs. */
final class Joins {
    private static final Path KERNEL_MODULE = Path.of("/sys/module/wireguard");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|\\[.*]");
    private static final Logger LOG = LoggerFactory.getLogger(Joins.class);

    private final GuestCommands commands;
    private final MeshRecords records;
    private final Tokens tokens;
    private final Scheduler waiting;
    private final Runnable keyLeft;

    /**
     * Joins.
     *
     * @param waiting threads that may wait for files, the kernel and servers
     * @param keyLeft told when a key that was made could not be deleted
     */
    Joins(GuestCommands commands, MeshRecords records, Tokens tokens, Scheduler waiting, Runnable keyLeft) {
        this.commands = commands;
        this.records = records;
        this.tokens = tokens;
        this.waiting = waiting;
        this.keyLeft = keyLeft;
    }

    /**
     * Joins, if the container is ready for it.
     *
     * @param kept its token; empty if a key is made for it
     * @param api the host, and perhaps the port, of the API of its server
     */
    Single<Seen> join(ContainerId id, long initPid, MeshIntent intent, Optional<EnrollmentToken> kept, String api) {
        GuestNetwork network = GuestNetwork.of(initPid, "");
        if (!network.carrier()) {
            return Single.just(new NotYet("it has no link that carries packets", "", true));
        }
        if (!network.routed()) {
            return Single.just(new NotYet("it has no default route", "", true));
        }
        String host = api.replaceFirst(":[0-9]+$", "");
        Single<Seen> join = kept.map(token -> joinWith(id, initPid, token, false))
                .orElseGet(() -> joinWithOwnKey(id, initPid, tokens.mint(intent).orElseThrow()));
        return commands.look(id, NUMBERS.matcher(host).matches() ? "" : host)
                .observeOn(waiting)
                .flatMap(found -> missing(found, host).map(Single::<Seen>just).orElse(join));
    }

    /** Makes a key, joins with it, and deletes it however that ends, also when nobody waits for the end any more. */
    private Single<Seen> joinWithOwnKey(ContainerId id, long initPid, KeyMint mint) {
        return Single.using(
                () -> minted(id, mint),
                key -> joinWith(id, initPid, key.token(), true),
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

    private Single<Seen> joinWith(ContainerId id, long initPid, EnrollmentToken token, boolean ownKey) {
        return Single.defer(() -> {
            // If it was a host before, it is one as soon as the server has heard of it.
            records.remember(id, GuestNetclient.read(MeshLook.root(initPid)), token.server());
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
        records.remember(id, GuestNetclient.read(MeshLook.root(initPid)), token.server());
        if (outcome instanceof Joined joined) {
            return new Registered(joined.server(), true);
        }
        Retryable retryable = (Retryable) outcome;
        return new NotYet(retryable.reason(), retryable.remedy(), false);
    }
}
