// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.write;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.opdbus.config.json.ConfigException;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.fuse.tree.RefusedWriteException;
import org.opdbus.verticles.fuse.tree.RefusedWriteException.Reason;
import org.opdbus.verticles.fuse.tree.WritableFile.Writer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what is written to the files of the tree. Safe for use by any thread; nothing here waits. */
public final class Writes {
    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);
    private static final long ROOT = 0;

    private final Work work;
    private final Attribution attribution;
    private final Clock clock;
    private final BehaviorProcessor<Outcome> outcomes;

    /** What is done for writers. */
    public interface Work {
        /** Carries out a transaction (RFC 7047 section 4.1.3): a JSON array of operations, and the array of their results. */
        Single<String> transact(String operations);

        /** Applies a desired state; fails with the reason, or a cause that is a {@link ConfigException}, for a bad file. */
        Single<Report> apply(String state);
    }

    /** Puts on record who asked for a change, before it is made. */
    public interface Attribution {
        /** Completes when the fact is published; never fails. */
        Completable requested(Writer writer, String operation, String target);
    }

    /**
     * What came of an apply.
     *
     * @param json the report, as the control socket answers it
     * @param failures how many containers are not as the state wants them
     */
    public record Report(String json, int failures) {}

    /**
     * What came of the last writes.
     *
     * @param error why the last write was refused; empty if it was carried out
     * @param result the report of the last apply; empty before the first
     */
    public record Outcome(String error, Instant errorAt, String result, Instant resultAt) {}

    /**
     * A column of a row, as the writer saw it at open, and the port of the same name.
     *
     * @param replaced completes when readers no longer see this value; has a limit, and never fails
     */
    public record Column(
            String table, String folder, StoredRow row, Optional<StoredRow> port, String name, Completable replaced) {}

    /** Creates the object for a tree that may be written to. */
    public Writes(Work work, Attribution attribution, Clock clock) {
        this.work = work;
        this.attribution = attribution;
        this.clock = clock;
        Instant now = clock.instant();
        outcomes = BehaviorProcessor.createDefault(new Outcome("", now, "", now));
    }

    /** Returns whether a column can be written at all. */
    public static boolean isWritable(String table, String column) {
        return ColumnChange.isWritable(table, column);
    }

    /** Returns what came of the last writes. */
    public Outcome outcome() {
        return Objects.requireNonNull(outcomes.getValue());
    }

    /** Emits what came of the last writes, from the present on; a slow subscriber gets the newest. */
    public Flowable<Outcome> outcomes() {
        return outcomes.onBackpressureLatest();
    }

    /** Changes a column, and completes when readers see it. */
    public Completable column(Column column, byte[] content, Writer writer) {
        return refusing(
                "by-uuid/" + column.folder() + "/" + column.row().uuid() + "/" + column.name(),
                Completable.defer(() -> {
                    requireRoot(writer);
                    ColumnChange change = ColumnChange.of(
                            new ColumnChange.Seen(column.table(), column.row(), column.port(), column.name()), content);
                    return attribution
                            .requested(writer, "write " + column.table() + "." + column.name(), change.target())
                            .andThen(Single.defer(() -> work.transact(change.operations())))
                            .doOnSuccess(ColumnChange::check)
                            .flatMapCompletable(
                                    results -> change.isChange() ? column.replaced() : Completable.complete());
                }));
    }

    /** Applies a desired state. */
    public Completable desired(byte[] content, Writer writer) {
        return refusing("desired.json", Completable.defer(() -> {
            requireRoot(writer);
            String state = text(content);
            return attribution
                    .requested(writer, "write desired.json", "")
                    .andThen(Single.defer(() -> work.apply(state)))
                    .flatMapCompletable(this::reported);
        }));
    }

    private Completable reported(Report report) {
        resulted(report.json());
        return report.failures() == 0
                ? Completable.complete()
                : Completable.error(new RefusedWriteException(
                        Reason.FAILED,
                        report.failures() + " containers are not as the state wants them; .result says which and why"));
    }

    private Completable refusing(String file, Completable change) {
        return change.onErrorResumeNext(failure -> Completable.error(refusal(failure)))
                .doOnError(refusal -> {
                    LOG.warn("write=refused file={} reason=\"{}\"", file, refusal.getMessage());
                    // The message about a file's content begins with its name already.
                    String message = String.valueOf(refusal.getMessage());
                    ended(message.startsWith(file + ": ") ? message : file + ": " + message);
                })
                .doOnComplete(() -> ended(""));
    }

    private synchronized void ended(String error) {
        Outcome before = outcome();
        outcomes.onNext(new Outcome(error, clock.instant(), before.result(), before.resultAt()));
    }

    private synchronized void resulted(String result) {
        Outcome before = outcome();
        outcomes.onNext(new Outcome(before.error(), before.errorAt(), result, clock.instant()));
    }

    private static RefusedWriteException refusal(Throwable failure) {
        if (failure instanceof RefusedWriteException known) {
            return known;
        }
        String message = String.valueOf(failure.getMessage());
        boolean isInvalid = failure instanceof ConfigException
                || failure.getCause() instanceof ConfigException
                || (failure instanceof BridgeException e && e.reason() == BridgeException.Reason.INVALID);
        return new RefusedWriteException(isInvalid ? Reason.INVALID : Reason.FAILED, message, failure);
    }

    /** The kernel has checked the mode of the file already; a program with capabilities gets past that. */
    private static void requireRoot(Writer writer) {
        if (writer.uid() != ROOT) {
            throw new RefusedWriteException(Reason.NOT_PERMITTED, "only root may write");
        }
    }

    private static String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedWriteException(Reason.INVALID, "the state is not text in UTF-8", e);
        }
    }
}
