// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.ProcText;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.wayback.script.UndoScript;

/** Writes the folder of a new move: it appears whole, under its final name, when everything in it is on disk. */
final class MovePreparation {
    static final int FILE_BYTES_MAX = 1 << 20;

    /** More than both programs write to the journal of one move. */
    private static final int RESERVE_BYTES = 65_536;

    private static final int IFF_PROMISC = 0x100;
    private static final int FLAGS_BYTES_MAX = 32;

    private final MovePaths paths;
    private final SwitchPlaces places;

    MovePreparation(MovePaths paths, SwitchPlaces places) {
        this.paths = paths;
        this.places = places;
    }

    static String text(MoveHolder holder) {
        return holder.pid() + " " + (holder.started().isEmpty() ? "0" : holder.started()) + " " + holder.name();
    }

    /** Writes it; if that fails, nothing is left. */
    void write(UplinkPlan plan, MoveHolder holder, Instant now) throws IOException {
        if (!plan.id().matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException(
                    "the identifier of a move is not made of letters, digits and hyphens: " + plan.id());
        }
        Path folder = paths.folder().resolve("new");
        MoveStore.remove(folder);
        try {
            fill(folder, plan, holder, now);
            MoveStore.rename(folder, paths.move());
        } catch (IOException | RuntimeException failure) {
            MoveStore.remove(folder);
            throw failure;
        }
    }

    private void fill(Path folder, UplinkPlan plan, MoveHolder holder, Instant now) throws IOException {
        MoveStore.makeFolder(folder);
        MoveStore.write(MovePaths.plan(folder), MoveStore.encode(plan));
        MoveStore.makeFolder(MovePaths.kept(folder));
        List<FileChange> files = UndoScript.files(plan);
        for (int number = 0; number < files.size(); number++) {
            keep(MovePaths.kept(folder), number, files.get(number));
        }
        if (isPromiscuous(plan.request().link())) {
            MoveStore.write(MovePaths.kept(folder).resolve("promiscuous"), new byte[0]);
        }
        MoveStore.sync(MovePaths.kept(folder));
        String mark = MoveStore.plan(paths.link(plan.request().link()))
                .filter(record -> plan.request().direction() == Direction.BACK)
                .map(UplinkPlan::id)
                .orElse(plan.id());
        String script = UndoScript.render(
                plan,
                new UndoScript.Surroundings(
                        now,
                        mark,
                        paths.move(),
                        paths.ended().resolve(plan.id()),
                        paths.lock(),
                        places.socket(),
                        places.runDir(),
                        places.databaseFile()));
        MoveStore.write(folder.resolve(String.valueOf(paths.script().getFileName())), utf8(script));
        byte[] reserve = new byte[RESERVE_BYTES];
        // Not zeros, for which a file system may take no room.
        Arrays.fill(reserve, (byte) '.');
        MoveStore.write(MovePaths.reserve(folder), reserve);
        String begins = MoveJournal.line(now, MoveStory.PLANNED, plan.id()).text()
                + MoveJournal.line(now, MoveStory.HELD, text(holder)).text();
        MoveStore.write(MovePaths.journal(folder), utf8(begins));
        MoveStore.sync(folder);
    }

    /** An Open vSwitch that is killed does not take back that it made the link promiscuous. What cannot be read is left as it is. */
    private static boolean isPromiscuous(String link) {
        try {
            String flags = ProcText.read(Path.of("/sys/class/net", link, "flags"), FLAGS_BYTES_MAX)
                    .strip();
            return (Integer.decode(flags) & IFF_PROMISC) != 0;
        } catch (IOException | IllegalArgumentException unknown) {
            return true;
        }
    }

    private static void keep(Path kept, int number, FileChange file) throws IOException {
        Path path = Path.of(file.path());
        Path before = kept.resolve(number + ".before");
        boolean isThere = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        if (isThere && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.path(), null, "is not a regular file");
        }
        Optional<byte[]> now = isThere ? RegularFile.readIfExists(path, FILE_BYTES_MAX) : Optional.empty();
        if (!Arrays.equals(
                now.orElse(null), file.before().map(MovePreparation::utf8).orElse(null))) {
            throw new FileSystemException(file.path(), null, "has changed since the plan was made, or is not UTF-8");
        }
        if (now.isPresent()) {
            Files.copy(path, before, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            MoveStore.sync(before);
        }
        if (file.after().isPresent()) {
            MoveStore.write(kept.resolve(number + ".after"), utf8(file.after().get()));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
