// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The moves that are over. */
final class MoveArchive {
    private static final Logger LOG = LoggerFactory.getLogger(MoveArchive.class);
    private static final int KEPT_MAX = 16;

    private final MovePaths paths;
    private final Alarm alarm;

    MoveArchive(MovePaths paths, Alarm alarm) {
        this.paths = paths;
        this.alarm = alarm;
    }

    /** Archives the move if it is over; the caller holds the lock. Killed in between, it is done again by the next call. */
    void settle() throws IOException {
        Path move = paths.move();
        Optional<UplinkPlan> plan = MoveStore.plan(MovePaths.plan(move));
        if (plan.isEmpty()) {
            return;
        }
        MoveStory story = new MoveStory(new MoveJournal(paths.journal()).read());
        if (!story.state().isOver()) {
            return;
        }
        alarm.disarm(story.armed());
        if (story.state() == MoveState.CONFIRMED) {
            remember(plan.get());
        }
        MoveStore.makeFolder(paths.ended());
        Path ended = paths.ended().resolve(plan.get().id());
        MoveStore.remove(ended);
        MoveStore.rename(move, ended);
        forget();
    }

    private void remember(UplinkPlan plan) throws IOException {
        Path file = paths.link(plan.request().link());
        if (plan.request().direction() == Direction.ONTO) {
            MoveStore.keep(file, plan);
        } else {
            Files.deleteIfExists(file);
        }
    }

    /** Removes the oldest ones; the end of a move that is not recorded yet stays. */
    private void forget() throws IOException {
        List<EndedMove> all = ended();
        for (EndedMove old : all.subList(0, Math.max(0, all.size() - KEPT_MAX))) {
            if (old.isRecorded()) {
                MoveStore.remove(paths.ended().resolve(old.plan().id()));
            }
        }
    }

    /**
     * Returns them, the last one at the end, with one that is over and not archived yet. One that cannot be read is left out, and the
     * log says so.
     */
    List<EndedMove> ended() throws IOException {
        List<EndedMove> moves = new ArrayList<>();
        List<Path> folders = new ArrayList<>(MoveStore.entries(paths.ended()));
        folders.add(paths.move());
        for (Path folder : folders) {
            try {
                read(folder).filter(move -> move.state().isOver()).ifPresent(moves::add);
            } catch (IOException damaged) {
                LOG.warn("folder={} cannot be read, and is left out: {}", folder, damaged.getMessage());
            }
        }
        moves.sort(Comparator.comparing(EndedMove::ended));
        return moves;
    }

    List<UplinkPlan> confirmed() throws IOException {
        List<UplinkPlan> plans = new ArrayList<>();
        for (Path file : MoveStore.entries(paths.links())) {
            try {
                MoveStore.plan(file).ifPresent(plans::add);
            } catch (IOException damaged) {
                LOG.warn("file={} cannot be read, and is left out: {}", file, damaged.getMessage());
            }
        }
        return plans;
    }

    Optional<EndedMove> ended(String id) throws IOException {
        return ended().stream().filter(move -> move.plan().id().equals(id)).findFirst();
    }

    private static Optional<EndedMove> read(Path folder) throws IOException {
        MoveStory story = new MoveStory(new MoveJournal(MovePaths.journal(folder)).read());
        return MoveStore.plan(MovePaths.plan(folder))
                .map(plan -> new EndedMove(
                        plan,
                        story.begun(),
                        story.ended(),
                        story.state(),
                        story.steps(plan.steps().size()),
                        story.cause(),
                        story.left(),
                        Files.exists(MovePaths.recorded(folder))));
    }

    void recorded(String id) throws IOException {
        Path mark = MovePaths.recorded(paths.ended().resolve(id));
        if (!Files.exists(mark)) {
            MoveStore.write(mark, new byte[0]);
            MoveStore.sync(mark.resolveSibling(""));
        }
    }
}
