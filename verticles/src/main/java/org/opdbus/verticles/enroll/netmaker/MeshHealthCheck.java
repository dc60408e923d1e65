// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.MeshHandler.MeshTarget;
import org.opdbus.verticles.enroll.netmaker.guest.GuestCommands;
import org.opdbus.verticles.enroll.netmaker.guest.GuestDaemon;
import org.opdbus.verticles.enroll.netmaker.guest.GuestLinks;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient.Identity;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.AwaitingNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Health;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.InMesh;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.NotYet;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPlan;
import org.opdbus.verticles.enroll.netmaker.plan.MeshState;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTimes;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Deleted;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Healthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.NoAnswer;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Unhealthy;
import org.opdbus.verticles.enroll.netmaker.server.ServerApi;
import org.opdbus.verticles.enroll.netmaker.server.ServerChecks;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the evidence of how a registered container stands: its server's answer, netclient's files, its daemon, and the
 * kernel's word on its interface. {@link MeshPlan} judges it.
 */
final class MeshHealthCheck {
    private static final GuestDaemon ASSUMED_WELL = new GuestDaemon(true, false, "", "");
    private static final int DAEMON_LOOKS_MIN = 4;
    private static final Logger LOG = LoggerFactory.getLogger(MeshHealthCheck.class);

    private final MeshTimes times;
    private final MeshEdges edges;
    private final GuestCommands commands;
    private final ServerApi api;
    private final ServerChecks ofNodes;
    private final ServerChecks ofHosts;

    MeshHealthCheck(MeshTimes times, MeshEdges edges) {
        this.times = times;
        this.edges = edges;
        this.commands = edges.commands();
        this.api = edges.api();
        ofNodes = new ServerChecks(times.status(), times.retryFirst());
        ofHosts = new ServerChecks(times.status(), times.retryFirst());
    }

    /**
     * What was found.
     *
     * @param seen what is so; empty if the container is to join
     * @param deletion that the server has the container's host or nodes no more; then there is nothing else
     */
    record CheckResult(String server, Optional<MeshObservation> seen, Optional<String> deletion) {
        static CheckResult toJoin(String server) {
            return new CheckResult(server, Optional.empty(), Optional.empty());
        }

        static CheckResult of(String server, MeshObservation seen) {
            return new CheckResult(server, Optional.of(seen), Optional.empty());
        }

        static CheckResult deleted(String server, String why) {
            return new CheckResult(server, Optional.empty(), Optional.of(why));
        }
    }

    /** Forgets what servers said about a container that has stopped, or that has another node now. */
    void forget(ContainerId id) {
        ofNodes.forget(id);
        ofHosts.forget(id);
    }

    /**
     * Why a container that had nodes is registered nowhere: netclient forgets its server when its host is deleted there.
     *
     * @param rejoin whether it may join again whatever the reason is
     */
    CheckResult recheck(MeshHost host, boolean rejoin) {
        HostStatus status = ofHosts.fresh(host, () -> api.nodesGiven(host));
        Optional<String> deletion = MeshPlan.deletion(status, Optional.of(host));
        if (deletion.isPresent()) {
            return CheckResult.deleted(host.server(), deletion.get());
        }
        return status instanceof NoAnswer && !rejoin
                ? CheckResult.of(
                        host.server(), new NotYet("its server does not say whether it was deleted there", "", true))
                : CheckResult.toJoin(host.server());
    }

    /** What a registered container that has no node waits for. Most nodes come at once, so little is asked early. */
    Single<CheckResult> confirm(MeshTarget subject, String server, Optional<MeshHost> host) {
        MeshState state = subject.state();
        int looks = state.counts().checks();
        boolean begun = state.phase() == Phase.CONFIRMING;
        boolean over = begun && isOver(subject);
        if (host.isEmpty() || (begun && !over && Integer.bitCount(looks) != 1)) {
            String what = begun && !state.why().isEmpty() ? state.why() : "its node is awaited";
            return Single.just(CheckResult.of(server, new AwaitingNode(server, what, "", MeshPlan.SERVICE_REMEDY)));
        }
        HostStatus status = ofHosts.fresh(host.get(), () -> api.nodesGiven(host.get()));
        Optional<String> deletion = MeshPlan.deletion(status, host);
        if (deletion.isPresent()) {
            return Single.just(CheckResult.deleted(server, deletion.get()));
        }
        boolean pending = isPending(host.get());
        // A daemon that has just been started, with its container or by a join, is given a moment.
        boolean early = begun ? !over && looks < DAEMON_LOOKS_MIN : state.phase() != Phase.UNCONFIRMED;
        Single<GuestDaemon> daemon = early || pending
                ? Single.just(ASSUMED_WELL)
                : commands.daemon(subject.id()).onErrorReturnItem(ASSUMED_WELL);
        return daemon.map(found -> CheckResult.of(server, MeshPlan.waiting(server, status, found, pending)));
    }

    private boolean isPending(MeshHost host) {
        Optional<EnrollmentKeys> keys = edges.tokens().administrationOf(host.api());
        try {
            return keys.isPresent() && keys.get().isPending(host.hostId());
        } catch (NetmakerException failure) {
            LOG.debug("host={} whether it waits for approval is not known: {}", host.hostId(), failure.getMessage());
            return false;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How well a container is that has nodes. */
    Single<CheckResult> examine(MeshTarget subject, Identity identity, GuestNetclient guest, Optional<MeshHost> host) {
        String server = host.map(MeshHost::api)
                .flatMap(guest::serverAt)
                .or(() -> guest.servers().values().stream().findFirst())
                .or(() -> host.map(MeshHost::server))
                .orElse("");
        Member member = new Member(subject, identity, guest.nodes(), host, server);
        Optional<String> wrong =
                GuestLinks.of(subject.initPid(), identity.link()).wrong(identity.link(), guest.nodes());
        return wrong.isPresent()
                ? withoutInterface(member, wrong.get())
                : commands.handshakes(subject.id(), identity.link())
                        .onErrorReturnItem(Optional.empty())
                        .observeOn(edges.waiting())
                        .flatMap(peers -> health(member, peers.orElse(Map.of())));
    }

    /** A container with nodes, and the host that it is. */
    private record Member(
            MeshTarget subject, Identity identity, List<MeshNode> nodes, Optional<MeshHost> host, String server) {
        CheckResult is(Health health, String why, String remedy) {
            return CheckResult.of(
                    server, new InMesh(server, identity.hostId(), identity.link(), nodes, health, why, remedy));
        }
    }

    private Single<CheckResult> withoutInterface(Member member, String wrong) {
        if (!isTimeForEvidence(member.subject())) {
            return Single.just(member.is(Health.WITHOUT_INTERFACE, wrong, ""));
        }
        return ask(member, true) instanceof Deleted gone
                ? Single.just(CheckResult.deleted(member.server(), gone.why()))
                : withDaemon(member, Health.WITHOUT_INTERFACE, wrong);
    }

    /** An interface that is not there is awaited or repaired; why it does not come is asked less and less often. */
    private boolean isTimeForEvidence(MeshTarget subject) {
        MeshState state = subject.state();
        int looks = state.counts().checks();
        return switch (state.phase()) {
            case LOST -> Integer.bitCount(looks) <= 1;
            case CONFIRMING -> isOver(subject) || (looks >= DAEMON_LOOKS_MIN && Integer.bitCount(looks) == 1);
            case UNCONFIRMED -> true;
            default -> false;
        };
    }

    private boolean isOver(MeshTarget subject) {
        return subject.nowMs() - subject.state().sinceMs() >= times.confirm().toMillis();
    }

    /** Returns this trouble, and adds what is wrong with the daemon if its commands show that something is. */
    private Single<CheckResult> withDaemon(Member member, Health health, String why) {
        CheckResult plain = member.is(health, why, "");
        return commands.daemon(member.subject().id())
                .map(daemon -> daemon.wrong()
                        .map(wrong -> member.is(health, why + ": " + wrong, daemon.remedy()))
                        .orElse(plain))
                .onErrorReturnItem(plain);
    }

    private Single<CheckResult> health(Member member, Map<String, Long> handshakes) {
        MeshState state = member.subject().state();
        Duration silence = times.silence();
        long nowS = Instant.now().getEpochSecond();
        boolean suspect = MeshPlan.isSilent(handshakes, new NoAnswer(), silence, nowS);
        // The server is asked before it is said that a peer is silent; while that is said, it is asked in its turn.
        boolean toAsk =
                (suspect && state.phase() != Phase.DEGRADED) || state.counts().denials() > 0;
        HostStatus status = ask(member, toAsk);
        if (status instanceof Deleted gone) {
            return Single.just(CheckResult.deleted(member.server(), gone.why()));
        }
        if (status instanceof Unhealthy doubted) {
            return withDaemon(member, Health.DOUBTED, doubted.why());
        }
        if (suspect && MeshPlan.isSilent(handshakes, status, silence, nowS)) {
            String silent = "no peer has answered for " + silence.toSeconds() + " s";
            return withDaemon(
                    member,
                    Health.SILENT,
                    status instanceof Healthy ? silent : silent + ", and its server does not answer either");
        }
        return Single.just(member.is(Health.HEALTHY, "", ""));
    }

    private HostStatus ask(Member member, boolean fresh) {
        if (member.host().isEmpty()) {
            return new Healthy(Set.of());
        }
        MeshHost host = member.host().get();
        ServerChecks.Question question = () -> api.of(host, member.nodes());
        return fresh ? ofNodes.fresh(host, question) : ofNodes.heard(host, question);
    }
}
