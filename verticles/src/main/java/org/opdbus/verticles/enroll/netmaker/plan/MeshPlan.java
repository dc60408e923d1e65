// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.netmaker.guest.GuestDaemon;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient.Identity;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutput;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.CheckDeletion;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.CheckHealth;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Confirm;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Fail;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Join;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Report;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.AwaitingNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPicture.TokenOrigin.Missing;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Deleted;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Healthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.NoAnswer;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.WithoutNode;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;

/**
 * The rules by which a container is brought into its mesh. Pure: each rule decides from one picture, and asks and does
 * nothing. docs/NETMAKER.md has the same rules as a table.
 */
public final class MeshPlan {
    public static final String SERVICE_REMEDY =
            "see the journal of netclient in the container (journalctl -u netclient)";

    private static final String IDENTITY_REMEDY =
            "one is a copy of the other: in the copy stop netclient, remove all of"
                    + " /etc/netclient and start netclient again; it joins as a new host";
    private static final String REJOIN_REMEDY = "if it is to be in the mesh, set netmaker.rejoin to true, or remove"
            + " /etc/netclient in the container: it joins as a new host";
    private static final String APPROVAL_REMEDY = "approve the host on the server; it joins by itself then";
    private static final String NODELESS_REMEDY =
            "see on the server whether the host waits for approval, and that the key"
                    + " of its token leads into a network; the agent goes on watching";
    private static final int DOUBLINGS_MAX = 6;

    private MeshPlan() {}

    /** The next action for a container. What it has already is used first: each registration uses up one use of a key. */
    public static MeshAction next(MeshPicture picture, MeshState state) {
        Optional<Identity> identity = picture.guest().identity();
        if (identity.isPresent() && picture.twin().isPresent()) {
            return new Report(new Refused(
                    Refusal.MESH_REFUSED,
                    "it has the identity of container " + picture.twin().get() + " in its /etc/netclient",
                    IDENTITY_REMEDY));
        }
        if (identity.isPresent() && !picture.guest().nodes().isEmpty()) {
            return new CheckHealth(
                    identity.get(), picture.recorded().map(MeshHost::api).or(picture::api));
        }
        Optional<String> api = picture.api();
        Optional<String> server = api.flatMap(picture.guest()::serverAt);
        if (identity.isPresent() && server.isPresent()) {
            return new Confirm(server.get(), api.get());
        }
        Optional<MeshHost> same = picture.recorded()
                .filter(host -> identity.map(Identity::hostId).equals(Optional.of(host.hostId())))
                .filter(host -> !host.nodes().isEmpty());
        return same.isPresent() ? new CheckDeletion(same.get()) : join(picture, state);
    }

    /** A join, unless the token is missing or was refused before. */
    public static MeshAction join(MeshPicture picture, MeshState state) {
        if (picture.token() instanceof Missing missing) {
            return new Fail(missing.why());
        }
        Optional<EnrollmentToken> kept = picture.kept();
        Optional<Refused> before = state.refused()
                .filter(refused -> kept.isEmpty() || refused.token().equals(kept));
        if (before.isPresent()) {
            return new Report(before.get().again());
        }
        return new Join(kept, picture.api().orElse(""));
    }

    /**
     * Returns what follows when the server says that it no longer has the container's host or nodes. One such answer is no
     * evidence. After the second one the container joins again if the configuration allows that. Each further rejoin waits longer
     * than the one before, so that the agent and an administrator do not work against each other.
     */
    public static MeshAction denied(
            String server, String why, MeshPicture picture, MeshState state, Rejoining rejoining) {
        MeshCounts counts = state.counts();
        boolean sure = counts.denials() > 0;
        if (sure && !rejoining.allowed()) {
            return new Report(new Refused(
                    Refusal.MESH_REFUSED, why + "; netmaker.rejoin is false, so it stays out", REJOIN_REMEDY));
        }
        return sure && rejoining.isDue(counts)
                ? join(picture, state)
                : new Report(new MeshObservation.DeletedOnServer(server, why));
    }

    /**
     * Whether and when a container joins again that was deleted on its server.
     *
     * @param allowed {@code netmaker.rejoin}
     * @param first the first wait after a rejoin; it doubles from there
     */
    public record Rejoining(boolean allowed, Duration first, long nowMs) {
        public static Rejoining of(boolean allowed, MeshTimes times, long nowMs) {
            return new Rejoining(allowed, times.retryLast(), nowMs);
        }

        public boolean isDue(MeshCounts counts) {
            return counts.rejoins() == 0
                    || nowMs - counts.rejoinedMs() >= first.toMillis() << Math.min(DOUBLINGS_MAX, counts.rejoins());
        }
    }

    /**
     * What a registered container without a node waits for.
     *
     * @param pending whether an administrator has to approve it
     */
    public static AwaitingNode waiting(String server, HostStatus status, GuestDaemon daemon, boolean pending) {
        if (pending) {
            return new AwaitingNode(server, "it waits for approval there", APPROVAL_REMEDY, APPROVAL_REMEDY);
        }
        if (status instanceof WithoutNode) {
            return new AwaitingNode(server, "the server has given it no node", "", NODELESS_REMEDY);
        }
        if (daemon.wrong().isPresent()) {
            return new AwaitingNode(server, daemon.wrong().get(), daemon.remedy(), daemon.remedy());
        }
        String what = daemon.isStarting()
                ? "netclient's service is starting in it (it sleeps 17 s first)"
                : status instanceof NoAnswer
                        ? "the server does not answer, and it has no node yet"
                        : "the server has given it a node that netclient has not taken up";
        return new AwaitingNode(server, what, "", SERVICE_REMEDY);
    }

    /** Whether a registered container had nodes that the server has no more. */
    public static Optional<String> deletion(HostStatus status, Optional<MeshHost> recorded) {
        if (status instanceof Deleted gone) {
            return Optional.of(gone.why());
        }
        return status instanceof WithoutNode
                ? recorded.map(MeshHost::nodes)
                        .flatMap(nodes -> nodes.stream().findFirst())
                        .map(node -> "its node in " + node.network() + " was deleted on its server")
                : Optional.empty();
    }

    /**
     * Whether peers are silent that ought to answer. A peer that was never heard of says nothing, and a peer that the
     * server does not name any more was deleted there: netclient goes on listing it for minutes.
     *
     * @param handshakes when each peer was heard last, in seconds since 1970
     * @param status what the server says now; if it does not answer, all peers count
     */
    public static boolean isSilent(Map<String, Long> handshakes, HostStatus status, Duration silence, long nowS) {
        long[] heard = handshakes.entrySet().stream()
                .filter(peer -> peer.getValue() > 0 && isNamed(peer.getKey(), status))
                .mapToLong(Map.Entry::getValue)
                .toArray();
        return heard.length > 0 && Arrays.stream(heard).allMatch(at -> at < nowS - silence.toSeconds());
    }

    private static boolean isNamed(String peer, HostStatus status) {
        if (status instanceof Healthy well) {
            return well.peers().contains(peer);
        }
        return !(status instanceof HostStatus.Unhealthy doubted)
                || doubted.peers().contains(peer);
    }

    /** What a container lacks for a join; empty if it lacks nothing. */
    public static Optional<MeshObservation> missing(Set<String> found, boolean kernelHasWireGuard, String host) {
        if (!found.contains("netclient")) {
            return Optional.of(
                    new MeshObservation.NotYet("netclient is not in the container", JoinOutput.PROGRAM_REMEDY, false));
        }
        GuestDaemon daemon = GuestDaemon.of(found);
        if (daemon.isNotInstalled()) {
            return Optional.of(new MeshObservation.NotYet(
                    "netclient is in the container, and its service is not installed", daemon.remedy(), false));
        }
        if (!found.contains("tun") && !kernelHasWireGuard) {
            return Optional.of(new MeshObservation.NotYet(
                    "WireGuard is not possible in the container", JoinOutput.WIREGUARD_REMEDY, false));
        }
        return found.contains("dns")
                ? Optional.empty()
                : Optional.of(new MeshObservation.NotYet("it cannot resolve the name " + host, "", true));
    }
}
