// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient.Identity;
import org.opdbus.verticles.enroll.netmaker.guest.OrphanedJoin;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.CheckDeletion;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.CheckHealth;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Confirm;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Fail;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Join;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Report;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.ContainerEnded;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.NotYet;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPicture;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPlan;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPlan.Rejoining;
import org.opdbus.verticles.enroll.netmaker.plan.MeshState;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.kernel.GuestRoot;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.plan.MeshIntent;

/**
 * Brings a running container one step further into its mesh: it gathers a picture, asks {@link MeshPlan} for the next action,
 * and carries that out. The result is an observation.
 */
final class MeshHandler {
    private final NetmakerOptions options;
    private final MeshEdges edges;
    private final MeshHealthCheck health;
    private final JoinHandler joins;
    private final Consumer<MeshHost> former;

    /**
     * A handler.
     *
     * @param former called with the host that a container was before it got another identity
     */
    MeshHandler(
            NetmakerOptions options,
            MeshEdges edges,
            MeshHealthCheck health,
            JoinHandler joins,
            Consumer<MeshHost> former) {
        this.options = options;
        this.edges = edges;
        this.health = health;
        this.joins = joins;
        this.former = former;
    }

    /**
     * One container that is checked.
     *
     * @param initPid its init
     * @param nowMs on the clock of {@link MeshState}
     */
    record MeshTarget(ContainerId id, long initPid, MeshIntent intent, MeshState state, long nowMs) {
        /** The root folder of its files. */
        Path root() {
            return GuestRoot.pathOf(initPid);
        }
    }

    /** What is seen of a container; never fails but for a defect. Disposing of it ends what runs in the container. */
    Single<MeshObservation> advance(MeshTarget subject) {
        Single<MeshObservation> look = Single.defer(() -> begin(subject)).subscribeOn(edges.waiting());
        boolean toRepair = subject.state().phase() == Phase.LOST
                && subject.state().counts().denials() == 0;
        Single<MeshObservation> repaired = toRepair
                ? edges.commands()
                        .pull(subject.id())
                        .onErrorComplete()
                        .ignoreElement()
                        .andThen(look)
                : look;
        return repaired.onErrorResumeNext(MeshHandler::failed)
                // The files of a container are gone with its init, which says nothing of its mesh.
                .map(seen -> GuestRoot.exists(subject.initPid()) ? seen : new ContainerEnded());
    }

    private static Single<MeshObservation> failed(Throwable failure) {
        if (failure instanceof NetmakerException known) {
            return Single.just(
                    switch (known.reason()) {
                        case ENV_FILE, NO_SUCH_TOKEN, NOT_A_TOKEN, API_FILE ->
                            new Refused(Refusal.MESH_TOKEN, String.valueOf(known.getMessage()), known.remedy());
                        case UNKNOWN_NETWORK ->
                            new Refused(Refusal.MESH_REFUSED, String.valueOf(known.getMessage()), known.remedy());
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

    private Single<MeshObservation> begin(MeshTarget subject) throws NetmakerException, IOException {
        GuestNetclient guest = GuestNetclient.read(subject.root());
        MeshPicture picture = new MeshPicture(
                guest,
                guest.identity()
                        .map(Identity::hostId)
                        .flatMap(host -> edges.records().otherWith(host, subject.id())),
                edges.records().member(subject.id()),
                edges.tokens().source(subject.intent()));
        return act(MeshPlan.next(picture, subject.state()), subject, picture);
    }

    private Single<MeshObservation> act(MeshAction action, MeshTarget subject, MeshPicture picture)
            throws NetmakerException, IOException {
        if (action instanceof Report say) {
            return Single.just(say.seen());
        }
        if (action instanceof Fail fail) {
            return Single.error(fail.why());
        }
        if (action instanceof Join join) {
            return join(subject, join);
        }
        if (action instanceof CheckDeletion recheck) {
            return concluded(health.recheck(recheck.host(), options.rejoin()), subject, picture);
        }
        Optional<String> api =
                action instanceof CheckHealth examine ? examine.api() : Optional.of(((Confirm) action).api());
        if (api.isPresent()) {
            edges.records().remember(subject.id(), picture.guest(), api.get()).ifPresent(former);
        }
        Optional<MeshHost> host = edges.records().member(subject.id());
        Single<MeshHealthCheck.CheckResult> finding = action instanceof Confirm confirm
                ? health.confirm(subject, confirm.server(), host)
                : health.examine(subject, ((CheckHealth) action).identity(), picture.guest(), host);
        return finding.observeOn(edges.waiting()).flatMap(found -> concluded(found, subject, picture));
    }

    private Single<MeshObservation> concluded(
            MeshHealthCheck.CheckResult found, MeshTarget subject, MeshPicture picture)
            throws NetmakerException, IOException {
        if (found.deletion().isEmpty()) {
            return found.seen().isPresent()
                    ? Single.just(found.seen().get())
                    : act(MeshPlan.join(picture, subject.state()), subject, picture);
        }
        Rejoining rejoining = Rejoining.of(options.rejoin(), options.times(), subject.nowMs());
        MeshAction next = MeshPlan.denied(found.server(), found.deletion().get(), picture, subject.state(), rejoining);
        return act(next, subject, picture);
    }

    private Single<MeshObservation> join(MeshTarget subject, Join join) throws IOException {
        Optional<OrphanedJoin> left = OrphanedJoin.in(subject.initPid());
        if (left.isPresent()) {
            left.get().endIfOlderThan(options.times().join());
            return Single.just(new NotYet("a join that was begun before still runs in it", "", true));
        }
        return joins.join(subject, join);
    }
}
