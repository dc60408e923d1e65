// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.FlowableEmitter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.KnownMember;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;
import org.opdbus.verticles.membership.trust.Trust;
import org.opdbus.verticles.membership.trust.TrustBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This host's part in the cluster, from {@link #open} to {@link #close}. It keeps a {@link ClusterSession} open, retries
 * after growing pauses whenever that fails, and reports the members.
 *
 * <p>It watches its folder and the trust bundle. When a certificate, a CA or a removal changes, every member by
 * itself closes its session and opens a new one. This takes a few seconds and does not affect the local
 * side. A member whose certificate is old, or comes from a CA that is being replaced, fetches another one from the
 * join server.
 *
 * <p>Threading: everything happens on one thread of its own, which may block. It emits events on that thread, and the
 * receivers must not block it. Any thread may call the methods, and none of them waits except {@code open} and {@code
 * close}. Failures end in a log line, at most one in ten minutes for the same failure.
 */
public final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private static final int EVENTS_MAX = 4096;
    /**
     * After a change of the group its maps settle after some time, which no event reports; so they are read several
     * times.
     */
    private static final long[] LOOKS_MS = {0, 300, 1_000, 3_000, 8_000, 20_000};

    private static final long LOOK_ANYHOW_MS = 60_000;
    private static final long RENEWAL_CHECK_MS = 6L * 3_600_000;
    /** All members receive a change of trust at once, and should not all leave at once. */
    private static final long ANEW_SPREAD_MS = 1_500;

    private static final Backoff RETRY = new Backoff(1_000, 60_000);
    /** A session that ends earlier counts as a failed attempt, so that one that fails again and again is not hurried. */
    private static final long STEADY_NS = TimeUnit.SECONDS.toNanos(30);

    private static final long ANEW_LEAST_MS = 500;
    private static final long CLOSE_LIMIT_MS = 20_000;

    private final MembershipOptions options;
    private final ClusterFolder folder;
    private final Libraries libraries;
    private final ClusterSession.Factory sessions;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final ClusterThread thread = new ClusterThread();
    private final Set<FlowableEmitter<MembershipEvent>> listeners = new HashSet<>();
    private final Map<String, Member> present = new HashMap<>();
    private final RateLimitedLog complaints = new RateLimitedLog(System::nanoTime);

    private volatile List<Member> members = List.of();
    private volatile Trust trust;
    private volatile Identity identity;
    private final MemberSignatures signatures;
    private volatile SignedTrustBundle roster;
    private @Nullable ClusterSession seat;
    private @Nullable TrustExchange exchange;
    private final TrustInbox trustInbox = new TrustInbox(thread, () -> Optional.ofNullable(exchange));
    private @Nullable JoinServer door;
    private @Nullable FolderWatch watch;
    private int failures;
    private long upSinceNs;
    private boolean anewIsDue;

    private Membership(
            MembershipOptions options, ClusterFolder folder, Libraries libraries, ClusterSession.Factory sessions) {
        this.options = options;
        this.folder = folder;
        this.libraries = libraries;
        this.sessions = sessions;
        identity = folder.requireIdentity();
        roster = folder.requireRoster();
        trust = roster.roster().trust();
        signatures = new MemberSignatures(() -> identity, () -> trust, libraries.signatureChecks());
    }

    /**
     * Begins, with sessions that need no server. Reads this host's files; {@link #events} reports whether other hosts can
     * be reached.
     *
     * @throws MembershipException NO_IDENTITY with what to do; DAMAGED if the certificate is another host's;
     * NO_LIBRARIES
     */
    public static Membership open(MembershipOptions options) {
        return open(
                options,
                (settings, listener) -> EmbeddedSession.open(Libraries.load().engine(), options, settings, listener));
    }

    /**
     * Begins likewise, with the sessions of another engine.
     *
     * @throws MembershipException as above
     */
    public static Membership open(MembershipOptions options, ClusterSession.Factory sessions) {
        ClusterFolder folder = new ClusterFolder(options.dir());
        String named = folder.requireIdentity().host();
        if (!named.equals(options.host())) {
            throw new MembershipException(
                    MembershipException.Reason.DAMAGED,
                    "the identity in " + options.dir() + " is of the host " + named + ", but this host is called "
                            + options.host() + "; set \"host\" to " + named
                            + ", or let this host join again with \"op-dbus cluster join "
                            + "--replace\"");
        }
        Membership membership = new Membership(options, folder, Libraries.load(), sessions);
        membership.begin();
        return membership;
    }

    /**
     * Emits the events, beginning with the present state: {@code Up} and a {@code Joined} for each member if this
     * host takes part now. Ends with the membership. A subscriber that leaves 4096 events unread gets a
     * MissingBackpressureException.
     */
    public Flowable<MembershipEvent> events() {
        return Flowable.<MembershipEvent>create(
                        emitter -> {
                            if (!thread.run(() -> listen(emitter))) {
                                emitter.onComplete();
                            }
                        },
                        BackpressureStrategy.MISSING)
                .onBackpressureBuffer(EVENTS_MAX);
    }

    /** Returns the present members, this host first; none while this host itself does not take part. */
    public List<Member> members() {
        return members;
    }

    /** Returns every host that the CA has admitted and not removed, present or not. */
    public List<KnownMember> known() {
        return KnownMember.of(roster.roster());
    }

    /** Returns what signs as this member and knows the signatures of the others. */
    public MemberSignatures signatures() {
        return signatures;
    }

    /** Leaves. Waits for that, at most 20 s. */
    @Override
    public void close() {
        thread.close(this::end, CLOSE_LIMIT_MS);
    }

    private void begin() {
        Path elsewhere = options.membersFile().toAbsolutePath().getParent();
        watch = FolderWatch.of(
                elsewhere == null ? Set.of(options.dir()) : Set.of(options.dir(), elsewhere),
                () -> thread.run(this::filesChanged));
        thread.run(this::serveDoor);
        thread.run(this::attempt);
        thread.every(LOOK_ANYHOW_MS, this::look);
        thread.every(RENEWAL_CHECK_MS, this::renewIfDue);
    }

    private void listen(FlowableEmitter<MembershipEvent> emitter) {
        emitter.setCancellable(() -> thread.run(() -> listeners.remove(emitter)));
        listeners.add(emitter);
        ClusterSession taken = seat;
        if (taken != null) {
            emitter.onNext(new MembershipEvent.Up(taken));
            present.values().forEach(member -> emitter.onNext(new MembershipEvent.Joined(member)));
        }
    }

    private void attempt() {
        if (seat != null) {
            return;
        }
        try {
            ClusterSession taken =
                    sessions.open(new SessionSettings(identity, trust, refusals, seek()), new SessionListener());
            seat = taken;
            upSinceNs = System.nanoTime();
            exchange = new TrustExchange(taken::publishTrust, thread, () -> roster, this::offered, complaints);
            members = List.of(taken.self());
            complaints.forget();
            tell(new MembershipEvent.Up(taken));
            exchange.tell();
            viewChanged();
            thread.after(ANEW_LEAST_MS, this::renewIfDue);
        } catch (RuntimeException e) {
            // The libraries may throw any exception: the next attempt may succeed, and the local
            // side is not affected.
            failures++;
            long delay = RETRY.delayMs(failures);
            complaints.warn("cluster.down", "cluster.down host={}: {}; trying again", options.host(), e.getMessage());
            thread.after(delay, this::attempt);
        }
    }

    private void giveUp(String reason) {
        ClusterSession taken = seat;
        if (taken == null) {
            return;
        }
        if (System.nanoTime() - upSinceNs > STEADY_NS) {
            failures = 0;
        }
        seat = null;
        exchange = null;
        members = List.of();
        present.clear();
        LOG.info("cluster.down host={}: {}", options.host(), reason);
        tell(new MembershipEvent.Down(reason));
        taken.leave();
    }

    private void viewChanged() {
        for (long delay : LOOKS_MS) {
            thread.once("look " + delay, delay, this::look);
        }
    }

    private void look() {
        ClusterSession taken = seat;
        if (taken == null) {
            return;
        }
        if (!taken.isUp()) {
            giveUp("the session has ended");
            failures++;
            thread.after(RETRY.delayMs(failures), this::attempt);
            return;
        }
        Map<String, Member> now = taken.look();
        List<Member> gone = present.entrySet().stream()
                .filter(entry -> !now.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        List<Member> come = now.entrySet().stream()
                .filter(entry -> !present.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        present.clear();
        present.putAll(now);
        List<Member> all = new ArrayList<>(List.of(taken.self()));
        all.addAll(now.values());
        members = List.copyOf(all);
        for (Member member : gone) {
            LOG.info("cluster.left host={}", member.host());
            tell(new MembershipEvent.Left(member));
        }
        for (Member member : come) {
            LOG.info("cluster.joined host={} bus={}", member.host(), member.bus());
            tell(new MembershipEvent.Joined(member));
        }
        TrustExchange open = exchange;
        if (open != null && !come.isEmpty()) {
            open.tellSoon();
        }
    }

    /** Passes what an engine reports on to the thread of the membership. */
    private final class SessionListener implements ClusterSession.Listener {
        @Override
        public void viewChanged() {
            thread.run(Membership.this::viewChanged);
        }

        @Override
        public void trustHeard(String text) {
            trustInbox.offer(text);
        }
    }

    private void tell(MembershipEvent event) {
        Set.copyOf(listeners).forEach(listener -> listener.onNext(event));
    }

    /** Another member has a newer trust bundle, signed by a CA that this host trusts. */
    private void offered(SignedTrustBundle offered) {
        folder.locked(() -> {
            if (folder.requireRoster().roster().version() < offered.roster().version()) {
                folder.keep(offered);
            }
            return offered;
        });
        filesChanged();
    }

    private void filesChanged() {
        try {
            Identity nowIdentity = folder.requireIdentity();
            SignedTrustBundle nowRoster = folder.requireRoster();
            boolean isNewer = nowRoster.roster().version() != roster.roster().version();
            boolean isAnotherTrust = nowRoster.roster().trust().isChangedFrom(trust);
            boolean isAnotherIdentity = !nowIdentity.certificate().equals(identity.certificate());
            roster = nowRoster;
            trust = nowRoster.roster().trust();
            identity = nowIdentity;
            ClusterSession taken = seat;
            TrustExchange open = exchange;
            if (taken != null) {
                taken.seek(seek());
            }
            if (isNewer && open != null) {
                open.tell();
            }
            if (isAnotherIdentity) {
                serveDoor();
            }
            if (isAnotherTrust || isAnotherIdentity) {
                anew();
            }
        } catch (MembershipException e) {
            complaints.warn(
                    "files",
                    "cluster: the new content of {} is not valid and is ignored: " + "{}",
                    options.dir(),
                    e.getMessage());
        }
    }

    /** Opens another session soon, after a delay that differs between members. */
    private void anew() {
        if (anewIsDue) {
            return;
        }
        anewIsDue = true;
        long delay = ANEW_LEAST_MS + ThreadLocalRandom.current().nextLong(ANEW_SPREAD_MS);
        thread.after(delay, () -> {
            anewIsDue = false;
            giveUp("certificates changed");
            attempt();
        });
    }

    private void serveDoor() {
        JoinServer open = door;
        if (open != null) {
            open.close();
            door = null;
        }
        Authority authority = new Authority(options.dir(), libraries.certificates());
        if (authority.isHere()) {
            door = JoinServer.open(options.door(), identity, () -> trust, authority, refusals)
                    .orElse(null);
        }
    }

    private void renewIfDue() {
        TrustBundle known = roster.roster();
        if (!Renewal.isDue(identity, known)) {
            return;
        }
        try {
            Renewal.renew(options, libraries, folder, identity, known);
            LOG.info("cluster: this host has a new certificate");
            filesChanged();
        } catch (MembershipException e) {
            complaints.warn(
                    "renewal",
                    "cluster: this host's certificate, which expires at {}, must be renewed, but " + "that failed: {}",
                    identity.certificate().getNotAfter().toInstant(),
                    e.getMessage());
        }
    }

    private List<InetSocketAddress> seek() {
        return new Addresses(options).known(roster.roster());
    }

    private void end() {
        Optional.ofNullable(watch).ifPresent(FolderWatch::close);
        Optional.ofNullable(door).ifPresent(JoinServer::close);
        giveUp("the agent is stopping");
        listeners.forEach(FlowableEmitter::onComplete);
        listeners.clear();
    }
}
