// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.introspect.owner.HostLinks;
import org.opdbus.verticles.introspect.owner.Ownership;
import org.opdbus.verticles.introspect.owner.OwnershipReaders;
import org.opdbus.verticles.introspect.owner.OwnershipSources;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.limits.IdleThreads;

/** Reads the whole network of this host when it is asked. Between two questions it holds nothing open. */
public final class IntrospectVerticle extends AbstractVerticle {
    /** Each question takes some milliseconds; the callers of the faces wait for one another. */
    private static final int CALLERS_MAX = 16;

    /** How many objects of a kind a document has at most. */
    private static final int ITEMS_MAX = 8_192;

    /** How many bytes the JSON has at most; a control connection may leave 8 MiB unread. */
    static final int BYTES_MAX = 6 << 20;

    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(2);
    private static final String DATABASE = "Open_vSwitch";
    private static final Path RESOLVER = Path.of("etc/resolv.conf");
    private static final Path UPSTREAM = Path.of("run/systemd/resolve/resolv.conf");

    /**
     * What it asks.
     *
     * @param inventory containers, ports and bridges
     * @param database carries out a JSON array of operations in a database of Open vSwitch; takes the database and the array
     * @param ownership where the readers of owners look
     */
    public record Sources(Supplier<Single<Inventory>> inventory, Database database, OwnershipSources ownership) {}

    /** Open vSwitch's database server. */
    public interface Database {
        /** Returns whether this host has Open vSwitch, so that a missing answer is a trouble. May block. */
        boolean isInstalled();

        /** Carries out a JSON array of operations and returns the array of their results. */
        Single<String> transact(String database, String operations);
    }

    /** A host without Open vSwitch lacks nothing. */
    private static final Partly<SwitchRows> NO_SWITCH = new Partly<>(SwitchRows.NONE, List.of());

    private final Sources sources;
    private final ThreadPoolExecutor thread = IdleThreads.of("op-dbus-introspect", 1);
    private final Scheduler blocking = Schedulers.from(thread);
    private final AtomicInteger callers = new AtomicInteger();
    private @Nullable OwnershipReaders owners;

    /** Creates it; nothing is read yet. */
    public IntrospectVerticle(Sources sources) {
        this.sources = sources;
    }

    @Override
    public Completable rxStart() {
        return Completable.fromAction(() -> owners = OwnershipReaders.of(vertx.getDelegate(), sources.ownership()));
    }

    /**
     * Returns the document as JSON in UTF-8. Any thread may subscribe; the result comes on a thread of this object. Fails as
     * {@link #document} does.
     */
    public Single<byte[]> json() {
        return parts().map(parts -> fitting(parts, Instant.now()));
    }

    /**
     * Returns the document. Any thread may subscribe; the result comes on a thread of this object. Fails if the kernel does not
     * list, or too many callers wait already.
     */
    public Single<NetworkDocument> document() {
        return parts().map(parts -> DocumentBuilder.build(parts, Instant.now(), ITEMS_MAX));
    }

    /** A connection ends when its caller leaves too much unread, so a document that is too long has fewer objects. */
    static byte[] fitting(DocumentBuilder.Parts parts, Instant time) {
        for (int itemsMax = ITEMS_MAX; ; itemsMax /= 2) {
            Optional<byte[]> bytes = DocumentWriter.bytes(DocumentBuilder.build(parts, time, itemsMax), BYTES_MAX);
            if (bytes.isPresent() || itemsMax == 0) {
                return bytes.orElseThrow(() -> new IllegalStateException(
                        "the description of this network has over " + BYTES_MAX + " bytes even without its objects"));
            }
        }
    }

    private Single<DocumentBuilder.Parts> parts() {
        return Single.defer(() -> {
            OwnershipReaders readers = owners;
            if (readers == null) {
                return Single.error(new IllegalStateException("the agent is starting; ask again"));
            }
            if (callers.incrementAndGet() > CALLERS_MAX) {
                callers.decrementAndGet();
                return Single.error(new IllegalStateException(
                        CALLERS_MAX + " callers wait for a description of the network already; ask again"));
            }
            return sources.inventory().get().flatMap(now -> read(now, readers)).doFinally(callers::decrementAndGet);
        });
    }

    private Single<DocumentBuilder.Parts> read(Inventory now, OwnershipReaders readers) {
        Single<Read> kernelAndFiles = Single.fromCallable(this::readHere).subscribeOn(blocking);
        return Single.zip(
                        kernelAndFiles,
                        rows().flatMap(rows ->
                                readers.read(links(now, rows.value())).map(ownership -> new Owned(rows, ownership))),
                        (read, owned) -> new DocumentBuilder.Parts(
                                read.kernel(),
                                now,
                                owned.rows().value(),
                                read.resolver().value(),
                                read.upstream().value(),
                                owned.ownership(),
                                troubles(
                                        read.switchIsInstalled() ? owned.rows() : NO_SWITCH,
                                        read.resolver(),
                                        read.upstream())))
                .observeOn(blocking);
    }

    /** A value, or what stands for it and why. */
    private record Partly<T>(T value, List<String> troubles) {
        static <T> Partly<T> missing(T instead, String trouble) {
            return new Partly<>(instead, List.of(trouble));
        }
    }

    private record Read(
            KernelPicture kernel,
            Partly<ResolverFile> resolver,
            Partly<ResolverFile> upstream,
            boolean switchIsInstalled) {}

    private record Owned(Partly<SwitchRows> rows, Ownership ownership) {}

    private Read readHere() {
        try (NetworkReader kernel = NetworkReader.open()) {
            return new Read(
                    KernelPicture.read(kernel),
                    resolver(RESOLVER),
                    resolver(UPSTREAM),
                    sources.database().isInstalled());
        }
    }

    private Partly<ResolverFile> resolver(Path name) {
        Path file = sources.ownership().root().resolve(name);
        try {
            return new Partly<>(ResolverFile.read(file), List.of());
        } catch (IOException e) {
            return Partly.missing(ResolverFile.NONE, "the configuration of name resolution cannot be read: " + e);
        }
    }

    private Single<Partly<SwitchRows>> rows() {
        Function<Throwable, Partly<SwitchRows>> missing = failure -> Partly.missing(
                SwitchRows.NONE, "mirrors and controllers are not known: " + String.valueOf(failure.getMessage()));
        return sources.database()
                .transact(DATABASE, SwitchRows.OPERATIONS)
                .timeout(DATABASE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .map(results -> new Partly<>(SwitchRows.of(results), List.<String>of()))
                .onErrorReturn(missing::apply);
    }

    private static HostLinks links(Inventory now, SwitchRows rows) {
        return new HostLinks(
                List.copyOf(now.links().values()),
                List.copyOf(now.ports().values()),
                rows.interfaceIds(),
                DocumentBuilder.containersByLink(now));
    }

    private static List<String> troubles(Partly<?>... parts) {
        List<String> all = new ArrayList<>();
        for (Partly<?> part : parts) {
            all.addAll(part.troubles());
        }
        return all;
    }

    @Override
    public Completable rxStop() {
        return Completable.fromAction(() -> {
            OwnershipReaders open = owners;
            owners = null;
            if (open != null) {
                open.close();
            }
            thread.shutdown();
        });
    }
}
