// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Single;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.enroll.netmaker.MeshHandler.MeshTarget;
import org.opdbus.verticles.enroll.netmaker.guest.GuestLinks;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Accepted;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Permanent;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Retryable;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutput;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Join;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.NotYet;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Registered;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPlan;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys.EnrollmentKey;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.kernel.GuestRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers containers at their servers, once everything that a registration needs exists. */
final class JoinHandler {
    private static final Path KERNEL_MODULE = Path.of("/sys/module/wireguard");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|\\[.*]");
    private static final Logger LOG = LoggerFactory.getLogger(JoinHandler.class);

    private final MeshEdges edges;
    private final Runnable keyLeft;
    private final Consumer<MeshHost> former;

    /**
     * A handler of joins.
     *
     * @param keyLeft called when a key that was created could not be deleted
     * @param former called with the host that a container was before it got another identity
     */
    JoinHandler(MeshEdges edges, Runnable keyLeft, Consumer<MeshHost> former) {
        this.edges = edges;
        this.keyLeft = keyLeft;
        this.former = former;
    }

    /** Joins, if the container is ready for it. */
    Single<MeshObservation> join(MeshTarget subject, Join wanted) {
        GuestLinks network = GuestLinks.of(subject.initPid(), "");
        if (!network.carrier()) {
            return Single.just(new NotYet("it has no link that carries packets", "", true));
        }
        if (!network.routed()) {
            return Single.just(new NotYet("it has no default route", "", true));
        }
        String host = wanted.api().replaceFirst(":[0-9]+$", "");
        ContainerId id = subject.id();
        Single<MeshObservation> join = wanted.kept()
                .map(token -> joinWith(id, subject.initPid(), token, false))
                .orElseGet(() -> joinWithOwnKey(
                        id,
                        subject.initPid(),
                        edges.tokens().keysFor(subject.intent()).orElseThrow()));
        return edges.commands()
                .inspect(id, NUMBERS.matcher(host).matches() ? "" : host)
                .observeOn(edges.waiting())
                .flatMap(found -> MeshPlan.missing(found, Files.exists(KERNEL_MODULE), host)
                        .map(Single::<MeshObservation>just)
                        .orElse(join));
    }

    /** Creates a key, joins with it, and deletes it in every case, also if the subscription is disposed of. */
    private Single<MeshObservation> joinWithOwnKey(ContainerId id, long initPid, EnrollmentKeys keys) {
        return Single.using(
                () -> create(id, keys),
                key -> joinWith(id, initPid, key.token(), true),
                key -> edges.waiting().scheduleDirect(() -> delete(keys, key)),
                false);
    }

    private EnrollmentKey create(ContainerId id, EnrollmentKeys keys) throws NetmakerException, InterruptedException {
        try {
            return keys.create(id);
        } catch (NetmakerException failure) {
            // The server may have made it even if it could not say so.
            keyLeft.run();
            throw failure;
        }
    }

    private void delete(EnrollmentKeys keys, EnrollmentKey key) {
        try {
            keys.delete(key);
        } catch (NetmakerException failure) {
            LOG.warn("key={} is left behind: {}", key.name(), failure.getMessage());
            keyLeft.run();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private Single<MeshObservation> joinWith(ContainerId id, long initPid, EnrollmentToken token, boolean ownKey) {
        return Single.defer(() -> {
            // If it was a host before, it is one as soon as the server has heard of it.
            remember(id, initPid, token);
            return edges.commands()
                    .join(id, token)
                    .observeOn(edges.waiting())
                    .map(result -> joined(id, initPid, token, ownKey, result));
        });
    }

    private MeshObservation joined(
            ContainerId id, long initPid, EnrollmentToken token, boolean ownKey, CommandResult result)
            throws NetmakerException {
        JoinOutcome outcome = JoinOutput.classify(result);
        if (outcome instanceof Permanent permanent) {
            return ownKey && permanent.ofKey()
                    ? new NotYet("the server refused the key that it had made: " + permanent.message(), "", false, true)
                    : new Refused(
                            Refusal.MESH_REFUSED, permanent.message(), permanent.remedy(), Optional.of(token), true);
        }
        // The server may have taken it even if netclient could not say so.
        remember(id, initPid, token);
        if (outcome instanceof Accepted joined) {
            edges.records().forgetNodes(id);
            return new Registered(joined.server());
        }
        Retryable retryable = (Retryable) outcome;
        return new NotYet(retryable.reason(), retryable.remedy(), false, true);
    }

    private void remember(ContainerId id, long initPid, EnrollmentToken token) throws NetmakerException {
        edges.records()
                .remember(id, GuestNetclient.read(GuestRoot.pathOf(initPid)), token.server())
                .ifPresent(former);
    }
}
