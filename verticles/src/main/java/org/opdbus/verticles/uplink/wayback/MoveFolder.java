// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.FolderLock;
import org.opdbus.verticles.uplink.plan.UplinkFailure;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/**
 * The folder {@code STATE/uplink}: the move that is not over, with its way back, and the moves that are. At most one move is in it at
 * a time.
 *
 * <p>A mover calls {@link #begin}, {@link #step} for each step in order, {@link #moved}, and later {@link #confirm} or
 * {@link #takeBack}. Every method reads the disk anew, so any process of root may call any of them. Each may block, and each throws
 * {@link UplinkFailure} if the folder cannot be read or written; the message names the file.
 */
public final class MoveFolder {
    /** The script waits as long for a step, too. */
    private static final Duration LOCK_WAIT_MAX = Duration.ofSeconds(5);

    /** A step waits for the script, which takes this long at most. */
    private static final Duration SCRIPT_WAIT_MAX = Duration.ofSeconds(60);

    private final MovePaths paths;
    private final MovePreparation preparation;
    private final MoveArchive archive;
    private final Alarm alarm;
    private final Clock clock;

    /**
     * Creates it for a host.
     *
     * @param state the agent's folder, such as {@code /var/lib/op-dbus}
     * @param places where Open vSwitch is
     * @param runner runs the programs of systemd
     */
    public MoveFolder(Path state, SwitchPlaces places, CommandRunner runner) {
        this(state, places, HostAlarm.of(runner), Clock.systemUTC());
    }

    MoveFolder(Path state, SwitchPlaces places, Alarm alarm, Clock clock) {
        paths = new MovePaths(state.toAbsolutePath().resolve("uplink"));
        preparation = new MovePreparation(paths, places);
        archive = new MoveArchive(paths, alarm);
        this.alarm = alarm;
        this.clock = clock;
    }

    /**
     * Writes the plan and its way back to disk, and arms the alarm. Nothing of the host's network is changed.
     *
     * @throws UplinkRefusal if another move is not over, or the way back cannot be written or armed; then nothing is left of it
     */
    public void begin(UplinkPlan plan, MoveHolder holder, Instant now) {
        try {
            MoveStore.makeFolder(paths.folder());
            locked(LOCK_WAIT_MAX, () -> {
                archive.settle();
                refuseSecond();
                preparation.write(plan, holder, now);
                arm(plan.request().confirmWithin());
            });
        } catch (IOException failure) {
            throw refusal(
                    "the way back cannot be put on disk: " + failure.getMessage(),
                    "nothing was changed; make room or repair " + paths.folder() + ", and try again");
        }
    }

    private void refuseSecond() {
        pending().ifPresent(other -> {
            throw refusal(
                    "the move " + other.id() + " of " + other.plan().request().link() + " is not over: it was begun at "
                            + other.begun() + " by " + other.holder() + " and is " + other.state(),
                    "run op-dbus uplink confirm or op-dbus uplink revert, or wait until " + other.deadline()
                            + ", when it is taken back");
        });
    }

    private void arm(Duration after) throws IOException {
        try {
            journal(MoveStory.ARMED, alarm.arm(paths.script(), after));
        } catch (IOException failure) {
            MoveStore.remove(paths.move());
            throw refusal("the alarm that takes the way back cannot be armed: " + failure.getMessage(), "");
        }
    }

    /**
     * Carries out a step: writes to the journal that it begins, runs the work, and writes that it is done. The script of the way back
     * does not run meanwhile, unless the work takes longer than five seconds.
     *
     * @param number its place in the plan, from 0
     * @throws WayBackBegun if the way back was begun before or during the step; the caller must stop, and call {@link #takeBack}
     * @throws UplinkFailure of the work, or of the journal; the caller must call {@link #takeBack}
     */
    public void step(String id, int number, Runnable work) {
        inJournal(() -> locked(SCRIPT_WAIT_MAX, () -> {
            requireOnward(id);
            journal(MoveStory.BEGINS, Integer.toString(number));
            work.run();
            requireOnward(id);
            journal(MoveStory.DONE, Integer.toString(number));
        }));
    }

    /** Says that all steps are done: the move now waits for its confirmation. */
    public void moved(String id) {
        inJournal(() -> locked(SCRIPT_WAIT_MAX, () -> {
            requireOnward(id);
            journal(MoveStory.MOVED, "");
        }));
    }

    /** Makes this process the holder of a move whose holder has ended. */
    public void takeOver(String id, MoveHolder holder) {
        inJournal(() -> locked(LOCK_WAIT_MAX, () -> {
            requireOnward(id);
            journal(MoveStory.HELD, MovePreparation.text(holder));
        }));
    }

    /**
     * Confirms a move: it is over, and its way back is never taken. That is on disk before the alarm is disarmed.
     *
     * @param by who confirmed it, for people
     * @throws UplinkRefusal if it does not wait for a confirmation
     */
    public EndedMove confirm(String id, String by) {
        inJournal(() -> locked(LOCK_WAIT_MAX, () -> {
            MoveState state = story(id).state();
            if (state != MoveState.MOVED) {
                throw refusal("the move " + id + " cannot be confirmed: it is " + state, "see op-dbus uplink status");
            }
            journal(MoveStory.CONFIRMED, by);
            archive.settle();
        }));
        return last(id);
    }

    /**
     * Takes the way back: runs its script in a process of its own, and waits for it, a minute at most. If the script cannot finish
     * the way back, the alarm tries again until it is finished.
     *
     * @param cause why, for people
     * @return the state afterwards: {@link MoveState#REVERTED}, one that {@linkplain MoveState#isGoingBack is going back} if the way
     *     back goes on without the caller, or {@link MoveState#CONFIRMED} if it was confirmed before
     */
    public MoveState takeBack(String id, String cause) {
        return fromDisk(() -> {
            Optional<EndedMove> over = archive.ended(id);
            if (over.isPresent()) {
                return over.get().state();
            }
            String armed = story(id).armed();
            ScriptRun.of(paths.script(), cause, SCRIPT_WAIT_MAX);
            MoveState after = story(id).state();
            if (after.isOver()) {
                archive.settle();
            } else {
                alarm.fire(armed, paths.script());
            }
            return after;
        });
    }

    /** Returns the move that is not over, or that is over and not settled. Changes nothing. */
    public Optional<PendingMove> pending() {
        return fromDisk(() -> {
            if (!Files.exists(paths.move(), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            UplinkPlan plan = MoveStore.plan(MovePaths.plan(paths.move()))
                    .orElseThrow(() -> new IOException(MovePaths.plan(paths.move()) + " is missing"));
            MoveStory story = story();
            return Optional.of(PendingMove.of(plan, story, alarm.state(story.armed())));
        });
    }

    /**
     * Returns the moves that are over, the last one at the end; at most 16, and those that are not recorded. One that the script
     * ended by itself is among them.
     */
    public List<EndedMove> ended() {
        return fromDisk(archive::ended);
    }

    /** Returns the plan of the confirmed move by which a link is on its bridge. */
    public Optional<UplinkPlan> confirmed(String link) {
        return fromDisk(() -> MoveStore.plan(paths.link(link)));
    }

    /** Returns the plans of the confirmed moves by which links are on bridges. One that cannot be read is left out, and logged. */
    public List<UplinkPlan> confirmed() {
        return fromDisk(archive::confirmed);
    }

    /** Puts a move that is over among those that are, and disarms its alarm. Does nothing if there is none. */
    public void settle() {
        inJournal(() -> {
            if (Files.isDirectory(paths.move(), LinkOption.NOFOLLOW_LINKS)) {
                locked(LOCK_WAIT_MAX, archive::settle);
            }
        });
    }

    /** Notes that the end of a move is recorded; see {@link EndedMove#isRecorded}. Settles the folder first. */
    public void recorded(String id) {
        inJournal(() -> {
            settle();
            archive.recorded(id);
        });
    }

    private EndedMove last(String id) {
        return fromDisk(() -> archive.ended(id)
                .orElseThrow(() -> new IOException("the move " + id + " is not among those that are over")));
    }

    private void requireOnward(String id) throws IOException {
        MoveStory story = story(id);
        boolean goesOn = story.state().compareTo(MoveState.MOVED) <= 0 && Files.exists(MovePaths.reserve(paths.move()));
        if (!goesOn) {
            throw new WayBackBegun("the way back was begun: " + story.cause());
        }
    }

    private MoveStory story(String id) throws IOException {
        boolean isThis = MoveStore.plan(MovePaths.plan(paths.move()))
                .filter(plan -> plan.id().equals(id))
                .isPresent();
        if (!isThis) {
            throw new WayBackBegun("the move " + id + " is over");
        }
        return story();
    }

    private MoveStory story() throws IOException {
        return new MoveStory(new MoveJournal(paths.journal()).read());
    }

    private void journal(String word, String rest) throws IOException {
        new MoveJournal(paths.journal()).append(MoveJournal.line(clock.instant(), word, rest));
    }

    private void locked(Duration waitMax, DiskWork work) throws IOException {
        FolderLock lock = FolderLock.take(paths.lock(), waitMax)
                .orElseThrow(() -> new IOException("another process holds " + paths.lock() + "; it may be stopped"));
        try {
            work.run();
        } finally {
            lock.close();
        }
    }

    private static UplinkRefusal refusal(String why, String remedy) {
        return new UplinkRefusal(List.of(new UplinkRefusal.Reason(why, remedy)));
    }

    /** What writes the folder. */
    private interface DiskWork {
        void run() throws IOException;
    }

    private void inJournal(DiskWork work) {
        boolean unused = fromDisk(() -> {
            work.run();
            return true;
        });
    }

    /** The same, with a result. */
    private interface DiskLook<T> {
        T look() throws IOException;
    }

    private <T> T fromDisk(DiskLook<T> look) {
        try {
            return look.look();
        } catch (IOException failure) {
            throw new UplinkFailure(
                    "the folder of moves " + paths.folder() + " cannot be used: " + failure.getMessage(), failure);
        }
    }
}
