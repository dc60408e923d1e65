// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Context;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.fuse.host.HostTree;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.Node.Folder;

/** Shows the host as files while the agent runs. Neither a failing mount nor a slow reader holds the agent up. */
public final class FuseVerticle extends AbstractVerticle {
    /** What the root has while the rows of the database are not those of now. */
    private static final String STALE = ".stale";

    private static final long FIRST_ROWS_LIMIT_MS = 3_000;

    private final MountOptions options;
    private final Parts parts;
    private final boolean isRequired;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Optional<KeptMount> mount = Optional.empty();
    private Disposable following = Disposable.disposed();
    /** To compare two pictures of thousands of rows takes longer than an event loop may be held up. */
    private final ExecutorService work = Executors.newSingleThreadExecutor(FuseVerticle::daemon);

    /** Makes what is mounted. */
    public interface Parts {
        /** Returns the tree, which is not open yet; its sources may use the context. */
        HostTree tree(Context context);
    }

    private FuseVerticle(MountOptions options, Parts parts, boolean isRequired) {
        this.options = options;
        this.parts = parts;
        this.isRequired = isRequired;
    }

    /** Returns one that starts at once, and tries to mount until it can. */
    public static FuseVerticle trying(MountOptions options, Parts parts) {
        return new FuseVerticle(options, parts, false);
    }

    /** Returns one whose start ends when the files can be read, and fails with a remedy if they cannot be mounted. */
    public static FuseVerticle required(MountOptions options, Parts parts) {
        return new FuseVerticle(options, parts, true);
    }

    /** Completes when nothing is mounted any longer and nothing will be. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public Completable rxStart() {
        HostTree tree = parts.tree(context);
        following = tree.open(Schedulers.from(work));
        KeptMount kept = new KeptMount(tree, options);
        mount = Optional.of(kept);
        kept.ended().thenRun(() -> ended.complete(null)).isDone();
        if (!isRequired) {
            return Completable.fromAction(kept::start);
        }
        return firstRows(tree).observeOn(Schedulers.io()).andThen(Completable.fromAction(kept::startMounted));
    }

    /** Readers that come as soon as the files are mounted are to find the rows of the database, if it answers at all. */
    private static Completable firstRows(FileTree tree) {
        return tree.changes()
                .map(change -> isFresh(tree))
                .startWith(Flowable.fromCallable(() -> isFresh(tree)))
                .filter(fresh -> fresh)
                .firstElement()
                .ignoreElement()
                .timeout(FIRST_ROWS_LIMIT_MS, TimeUnit.MILLISECONDS, Completable.complete());
    }

    private static boolean isFresh(FileTree tree) {
        return tree.node(FileTree.ROOT)
                .filter(root ->
                        root instanceof Folder folder && folder.child(STALE).isEmpty())
                .isPresent();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "op-dbus-fuse-tree");
        thread.setDaemon(true);
        return thread;
    }

    /** Unmounts. */
    @Override
    public Completable rxStop() {
        following.dispose();
        work.shutdown();
        return Completable.fromAction(() -> mount.ifPresent(KeptMount::close)).subscribeOn(Schedulers.io());
    }
}
