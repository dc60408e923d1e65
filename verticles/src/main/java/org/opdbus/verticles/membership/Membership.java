// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.reactivex.rxjava3.core.Flowable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.files.WriteWatch;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.limits.TaskThread;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.KnownMember;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;
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
    private final MemberFiles files;
    private final Libraries libraries;
    private final ClusterSession.Factory sessions;
    private final MemberSignatures signatures;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final RateLimitedLog warnings = new RateLimitedLog(System::nanoTime);
    private final TaskThread thread = new TaskThread(
            "op-dbus-cluster",
            defect -> LOG.error("cluster: a defect; the cluster continues without this task", defect));
    private final PresentMembers present = new PresentMembers(thread);
    private final TrustInbox trustInbox;

    private @Nullable ClusterSession session;
    private @Nullable TrustExchange exchange;
    private @Nullable JoinServer door;
    private @Nullable WriteWatch watch;
    private int failures;
    private long upSinceNs;
    private boolean anewIsDue;

    private Membership(MembershipOptions options, Libraries libraries, ClusterSession.Factory sessions) {
        this.options = options;
        this.libraries = libraries;
        this.sessions = sessions;
        files = new MemberFiles(options, libraries);
        signatures = new MemberSignatures(files::identity, files::trust, libraries.signatureChecks());
        trustInbox = new TrustInbox(thread, () -> Optional.ofNullable(exchange));
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
        Membership membership = new Membership(options, Libraries.load(), sessions);
        membership.begin();
        return membership;
    }

    /**
     * Emits the events, beginning with the present state: {@code Up} and a {@code Joined} for each member if this
     * host takes part now. Ends with the membership. A subscriber that leaves 4096 events unread gets a
     * MissingBackpressureException.
     */
    public Flowable<MembershipEvent> events() {
        return present.events();
    }

    /** Returns the present members, this host first; none while this host itself does not take part. */
    public List<Member> members() {
        return present.members();
    }

    /** Returns every host that the CA has admitted and not removed, present or not. */
    public List<KnownMember> known() {
        return KnownMember.of(files.bundle().content());
    }

    /** Returns what signs as this member and knows the signatures of the others. */
    public MemberSignatures signatures() {
        return signatures;
    }

    /** Leaves. Waits for that, at most 20 s. */
    @Override
    public void close() {
        if (!thread.finish(this::end, CLOSE_LIMIT_MS)) {
            LOG.warn("cluster: it was not left within {} ms; it is abandoned", CLOSE_LIMIT_MS);
        }
    }

    private void begin() {
        watch = files.watch(() -> thread.run(this::filesChanged));
        thread.run(this::serveDoor);
        thread.run(this::attempt);
        thread.every(LOOK_ANYHOW_MS, this::look);
        thread.every(RENEWAL_CHECK_MS, this::renewIfDue);
    }

    private void attempt() {
        if (session != null) {
            return;
        }
        try {
            ClusterSession opened = sessions.open(
                    new SessionSettings(files.identity(), files.trust(), refusals, files.seek()),
                    new SessionListener());
            session = opened;
            upSinceNs = System.nanoTime();
            TrustExchange shown =
                    new TrustExchange(opened::publishTrust, thread, files::bundle, this::offered, warnings);
            exchange = shown;
            warnings.forget();
            present.up(opened);
            shown.tell();
            viewChanged();
            thread.after(ANEW_LEAST_MS, this::renewIfDue);
        } catch (RuntimeException e) {
            // The libraries may throw any exception: the next attempt may succeed, and the local
            // side is not affected.
            warnings.warn("cluster.down", "cluster.down host={}: {}; trying again", options.host(), e.getMessage());
            retry();
        }
    }

    private void retry() {
        failures++;
        thread.after(RETRY.delayMs(failures), this::attempt);
    }

    private void giveUp(String reason) {
        ClusterSession open = session;
        if (open == null) {
            return;
        }
        if (System.nanoTime() - upSinceNs > STEADY_NS) {
            failures = 0;
        }
        session = null;
        exchange = null;
        LOG.info("cluster.down host={}: {}", options.host(), reason);
        present.down(reason);
        open.leave();
    }

    private void viewChanged() {
        for (long delay : LOOKS_MS) {
            thread.once("look " + delay, delay, this::look);
        }
    }

    private void look() {
        ClusterSession open = session;
        if (open == null) {
            return;
        }
        if (!open.isUp()) {
            giveUp("the session has ended");
            retry();
            return;
        }
        TrustExchange shown = exchange;
        if (present.set(open.self(), open.look()) && shown != null) {
            shown.tellSoon();
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

    /** Another member has a newer trust bundle, signed by a CA that this host trusts. */
    private void offered(SignedTrustBundle newer) {
        files.store(newer);
        filesChanged();
    }

    private void filesChanged() {
        try {
            MemberFiles.Change change = files.read();
            ClusterSession open = session;
            TrustExchange shown = exchange;
            if (open != null) {
                open.seek(files.seek());
            }
            if (change.isAnotherBundle() && shown != null) {
                shown.tell();
            }
            if (change.isAnotherIdentity()) {
                serveDoor();
            }
            if (change.isAnotherTrust() || change.isAnotherIdentity()) {
                anew();
            }
        } catch (MembershipException e) {
            warnings.warn(
                    "files",
                    "cluster: the new content of {} is not valid and is ignored: {}",
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
        Optional.ofNullable(door).ifPresent(JoinServer::close);
        door = null;
        Authority authority = new Authority(options.dir(), libraries.certificates());
        if (authority.isHere()) {
            door = JoinServer.open(options.door(), files.identity(), files::trust, authority, refusals)
                    .orElse(null);
        }
    }

    private void renewIfDue() {
        try {
            if (files.renewIfDue()) {
                LOG.info("cluster: this host has a new certificate");
                filesChanged();
            }
        } catch (MembershipException e) {
            warnings.warn(
                    "renewal",
                    "cluster: this host's certificate, which expires at {}, must be renewed, but that failed: {}",
                    files.identity().certificate().getNotAfter().toInstant(),
                    e.getMessage());
        }
    }

    private void end() {
        Optional.ofNullable(watch).ifPresent(WriteWatch::close);
        Optional.ofNullable(door).ifPresent(JoinServer::close);
        giveUp("the agent is stopping");
        present.end();
    }
}
