// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.events.UplinkEvent;
import org.opdbus.verticles.limits.IdleThreads;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.StepWork;
import org.opdbus.verticles.uplink.plan.UplinkFailure;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.wayback.EndedMove;
import org.opdbus.verticles.uplink.wayback.MoveFolder;
import org.opdbus.verticles.uplink.wayback.MoveState;
import org.opdbus.verticles.uplink.wayback.PendingMove;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves uplinks for callers, and sees to a move that an earlier process left.
 *
 * <p>One thread makes the move and watches it; another one answers callers. Any thread may subscribe to what is returned; results
 * come on these threads. A failure is a {@link UplinkRefusal} if nothing was touched, else a {@link UplinkFailure}.
 */
public final class UplinkVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.uplink");
    private static final int CALLERS_MAX = 16;
    /** Those wait as long as a move does, so they are counted apart: a confirmation must not be refused for them. */
    private static final int WAITERS_MAX = 16;

    private final Parts parts;
    private final MoveFacts facts;
    private final Mover mover;
    private final MoveWatch watch;
    private final Clock clock = Clock.systemUTC();
    private final ThreadPoolExecutor moving = IdleThreads.of("op-dbus-uplink", 1);
    private final ThreadPoolExecutor calls = IdleThreads.of("op-dbus-uplink-calls", 1);
    private final CallerLimit callers = new CallerLimit(CALLERS_MAX);
    private final CallerLimit waiters = new CallerLimit(WAITERS_MAX);
    private final LeftMoves left;
    private volatile boolean isDeployed;

    /**
     * What it is joined to.
     *
     * @param holder what this process is, for people who find its move: {@code op-dbus run}
     * @param plans makes a plan of the host as it is now, or fails with a {@link UplinkRefusal}
     * @param folder the moves on disk
     * @param work carries out steps
     * @param prober asks whether hosts can be reached
     * @param facts takes what is told; empty if this process has no ledger, and sees to no earlier move
     */
    public record Parts(
            String holder,
            Plans plans,
            MoveFolder folder,
            StepWork work,
            Probes prober,
            Optional<Consumer<UplinkEvent>> facts) {}

    /** Makes plans. */
    @FunctionalInterface
    public interface Plans {
        /** Plans what is asked for, on the caller's thread or another one. */
        Single<UplinkPlan> plan(MoveRequest request);
    }

    /** Asks whether hosts can be reached over a link. */
    @FunctionalInterface
    public interface Probes extends MoveWatch.Prober {}

    /**
     * Where the host is.
     *
     * @param pending the move that is not over
     * @param ended the last move that is over
     */
    public record Status(Optional<PendingMove> pending, Optional<EndedMove> ended) {}

    /** Creates it; nothing is read yet. */
    public UplinkVerticle(Parts parts) {
        this.parts = parts;
        facts = new MoveFacts(parts.facts());
        mover = new Mover(parts.folder(), parts.work(), facts, clock);
        watch = new MoveWatch(parts.folder(), mover, parts.prober());
        left = new LeftMoves(parts, new LeftMoves.Hands(mover, watch, facts), this::watch, clock);
    }

    @Override
    public Completable rxStart() {
        return Completable.fromAction(() -> {
            isDeployed = true;
            if (parts.facts().isPresent()) {
                moving.execute(left::seeTo);
            }
        });
    }

    /** Plans a move; changes nothing. It is refused while another move is not over: the host is between two states. */
    public Single<UplinkPlan> plan(MoveRequest request) {
        return callers.limit(planned(request));
    }

    private Single<UplinkPlan> planned(MoveRequest request) {
        return Completable.fromAction(this::refuseSecond)
                .subscribeOn(Schedulers.from(calls))
                .andThen(Single.defer(() -> parts.plans().plan(request)));
    }

    /**
     * Makes a move, and returns it when it waits for its confirmation. From then on an agent, which deploys this verticle, watches
     * it; a command must call {@link #over}.
     *
     * @param progress gets a line for each step that is done
     */
    public Single<PendingMove> move(MoveRequest request, Consumer<String> progress) {
        // A refusal must not wait for the thread that makes moves: it watches the one that is not over.
        return callers.limit(planned(request)
                .flatMap(
                        plan -> Single.fromCallable(() -> moved(plan, progress)).subscribeOn(Schedulers.from(moving))));
    }

    private PendingMove moved(UplinkPlan plan, Consumer<String> progress) {
        mover.move(plan, parts.holder(), progress);
        if (isDeployed) {
            moving.execute(() -> watch(plan));
        }
        return waiting("wait for");
    }

    /** Watches the move that waits for its confirmation until there is none, and completes with the last one that ended. */
    public Maybe<EndedMove> over() {
        return waiters.limit(Single.fromCallable(this::overAtLast).subscribeOn(Schedulers.from(moving)))
                .flatMapMaybe(Maybe::fromOptional);
    }

    private Optional<EndedMove> overAtLast() {
        parts.folder().pending().map(PendingMove::plan).ifPresent(this::watch);
        return last(parts.folder().ended());
    }

    /** Tells how moves ended that is not on record yet. */
    public Completable record() {
        return call(() -> {
                    facts.tellEnded(parts.folder());
                    return true;
                })
                .ignoreElement();
    }

    /** The thread that makes moves may watch one, so a second move is refused at once; it would wait for the first. */
    private void refuseSecond() {
        parts.folder().pending().filter(other -> !other.state().isOver()).ifPresent(other -> {
            throw new UplinkRefusal(List.of(new UplinkRefusal.Reason(
                    "the move of " + other.plan().request().link() + " that " + other.holder() + " began at "
                            + other.begun() + " is not over",
                    "confirm it or revert it first: op-dbus uplink status")));
        });
    }

    private void watch(UplinkPlan plan) {
        try {
            watch.watch(plan);
            // The alarm can have ended it, which only leaves a line in the journal.
            parts.folder().settle();
            facts.tellEnded(parts.folder());
        } catch (RuntimeException failure) {
            LOG.error(
                    "uplink.watch move={} problem=\"{}\" note=\"the alarm takes the way back unless the move is confirmed\"",
                    plan.id(),
                    failure.toString());
        }
    }

    /**
     * Confirms the move that waits for it.
     *
     * @param evidence says by which connection the confirmation came, or throws a {@link UplinkRefusal}; takes the time of the move
     */
    public Single<EndedMove> confirm(Function<Instant, String> evidence) {
        return call(() -> {
            PendingMove move = waiting("confirm");
            Instant moved = move.moved()
                    .orElseThrow(() -> new UplinkRefusal(List.of(new UplinkRefusal.Reason(
                            "the move of " + move.plan().request().link() + " cannot be confirmed: it is "
                                    + move.state().name().toLowerCase(Locale.ROOT),
                            "see op-dbus uplink status"))));
            EndedMove ended = parts.folder().confirm(move.id(), evidence.apply(moved));
            watch.look();
            facts.tellEnded(parts.folder());
            return ended;
        });
    }

    /** Takes the way back of the move that is not over. */
    public Single<MoveState> revert(String by) {
        return call(() -> {
            PendingMove move = waiting("revert");
            MoveState after = mover.takeBack(move.plan(), by);
            watch.look();
            return after;
        });
    }

    private PendingMove waiting(String what) {
        return parts.folder()
                .pending()
                .filter(move -> !move.state().isOver())
                .orElseThrow(() -> new UplinkRefusal(
                        List.of(new UplinkRefusal.Reason("there is no move to " + what, "see op-dbus uplink status"))));
    }

    /** Returns where the host is; changes nothing. */
    public Single<Status> status() {
        return call(() -> {
            List<EndedMove> ended = parts.folder().ended();
            return new Status(parts.folder().pending(), last(ended));
        });
    }

    private static Optional<EndedMove> last(List<EndedMove> ended) {
        return ended.isEmpty() ? Optional.empty() : Optional.of(ended.get(ended.size() - 1));
    }

    private <T> Single<T> call(Callable<T> work) {
        return callers.limit(Single.fromCallable(work).subscribeOn(Schedulers.from(calls)));
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(() -> {
            watch.stop();
            moving.shutdown();
            calls.shutdown();
        });
    }
}
