// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.opdbus.verticles.edges.rows.DatabaseRows.Standing;
import org.opdbus.verticles.edges.rows.RowsFeed;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.inventory.InventoryChange;

/** The tree of this host; the package documentation has the contract. Shows the rows only while it is {@link #open}. */
public final class HostTree implements FileTree {
    private static final String LEDGER = "ledger";

    /** The entries of the root. */
    private static final SortedMap<String, Integer> TOP = new TreeMap<>(Map.of(
            "by-uuid",
            FixedNode.BY_UUID,
            "by-name",
            FixedNode.BY_NAME,
            "aliases",
            FixedNode.ALIASES,
            "containers",
            FixedNode.CONTAINERS,
            "proxmox",
            FixedNode.PROXMOX,
            LEDGER,
            FixedNode.LEDGER,
            FixedNode.STALE_NAME,
            FixedNode.STALE));

    private final Sources sources;
    private final Clock clock;
    private final Optional<LedgerFiles> ledger;
    private final PictureFold fold;
    private final BehaviorProcessor<HostPicture> news;

    /**
     * Where the tree has its content from.
     *
     * @param inventory what the agent knows, for a reader on a scheduler, as {@code LiveInventory} emits it; in a process without
     *     the agent it emits nothing, and there are no containers and no alternative names of links
     * @param ledger the folder of the ledger; empty if there is no ledger
     */
    public record Sources(
            RowsFeed rows, Function<Scheduler, Flowable<InventoryChange>> inventory, Optional<Path> ledger) {}

    /** Creates a tree that is not open. */
    public HostTree(Sources sources, Clock clock) {
        this.sources = sources;
        this.clock = clock;
        ledger = sources.ledger().map(LedgerFiles::new);
        fold = new PictureFold(HostPicture.of(sources.rows().current(), clock.instant()));
        news = BehaviorProcessor.createDefault(fold.picture());
    }

    /**
     * Begins to follow the sources, until the result is disposed of. May be called once.
     *
     * @param scheduler where the tree works
     */
    public Disposable open(Scheduler scheduler) {
        CompositeDisposable open = new CompositeDisposable(sources.rows().keep());
        open.add(sources.rows()
                .changes(scheduler)
                .subscribe(change -> fold(() -> fold.apply(change, clock.instant()))));
        open.add(sources.inventory()
                .apply(scheduler)
                .subscribe(change -> fold(() -> fold.apply(change, clock.instant()))));
        return open;
    }

    private synchronized void fold(Runnable change) {
        change.run();
        news.onNext(fold.picture());
    }

    @Override
    public Flowable<TreeChange> changes() {
        return Flowable.defer(() -> {
            AtomicReference<HostPicture> last = new AtomicReference<>(picture());
            // A scan would hold a queue of pictures for a slow subscriber, instead of the newest one.
            return news.onBackpressureLatest()
                    .concatMapIterable(next -> TreeDifferences.between(last.getAndSet(next), next), 1);
        });
    }

    private HostPicture picture() {
        return Objects.requireNonNull(news.getValue());
    }

    @Override
    public Optional<Node> node(long id) {
        HostPicture picture = picture();
        NodeNumber number = NodeNumber.of(id);
        // A number that was not made here can be cut to one that was.
        return node(picture, number).filter(node -> node.id() == id);
    }

    private Optional<Node> node(HostPicture picture, NodeNumber number) {
        Kind kind = number.kind();
        return switch (kind) {
            case FIXED -> fixed(picture, number.value());
            case BRIDGE, PORT, INTERFACE, MIRROR ->
                ShownTable.ofKind(kind).flatMap(shown -> RowFiles.part(picture, shown, number));
            case BRIDGE_NAME, PORT_NAME, INTERFACE_NAME ->
                ShownTable.ofNameKind(kind).flatMap(shown -> RowFiles.name(picture, shown, number));
            case ALIAS -> AliasLinks.node(picture, (int) number.value());
            case CONTAINER -> ContainerFiles.part(picture, number);
            case CONTAINER_LINK -> ContainerFiles.link(picture, number);
            case GUEST -> GuestFiles.guest(picture, (int) number.value());
            case GUEST_LINK, GUEST_CONF -> GuestFiles.link(picture, number);
            case ENTRY -> ledger.flatMap(files -> files.entry(number.value()));
        };
    }

    private Optional<Node> fixed(HostPicture picture, long value) {
        return switch ((int) value) {
            case FixedNode.ROOT -> Optional.of(root(picture));
            case FixedNode.BY_UUID ->
                Optional.of(tables(picture, FixedNode.BY_UUID, List.of(ShownTable.values()), RowFiles::rows));
            case FixedNode.BY_NAME ->
                Optional.of(tables(picture, FixedNode.BY_NAME, ShownTable.NAMED, RowFiles::names));
            case FixedNode.ALIASES -> Optional.of(AliasLinks.folder(picture));
            case FixedNode.CONTAINERS -> Optional.of(ContainerFiles.folder(picture));
            case FixedNode.PROXMOX -> Optional.of(GuestFiles.folder(picture));
            case FixedNode.LEDGER -> ledger.map(LedgerFiles::folder);
            case FixedNode.HEAD -> ledger.map(LedgerFiles::head);
            case FixedNode.STALE -> stale(picture);
            default ->
                Stream.of(ShownTable.values())
                        .flatMap(shown -> value == shown.rowsFolder()
                                ? Stream.of(RowFiles.rows(picture, shown))
                                : value == shown.namesFolder() && shown.nameKind.isPresent()
                                        ? Stream.of(RowFiles.names(picture, shown))
                                        : Stream.empty())
                        .map(Node.class::cast)
                        .findFirst();
        };
    }

    private Node.Folder root(HostPicture picture) {
        boolean isStale = !picture.rows().standing().isConnected();
        List<String> names = TOP.keySet().stream()
                .filter(name -> ledger.isPresent() || !name.equals(LEDGER))
                .filter(name -> isStale || !name.equals(FixedNode.STALE_NAME))
                .toList();
        return new ListedFolder(
                FixedNode.ROOT,
                picture.times().of(FixedNode.ROOT),
                names.size() - (isStale ? 1 : 0),
                () -> names,
                name -> names.contains(name) ? fixed(picture, TOP.getOrDefault(name, 0)) : Optional.empty());
    }

    private static Node.Folder tables(
            HostPicture picture,
            int id,
            List<ShownTable> tables,
            BiFunction<HostPicture, ShownTable, Node.Folder> folder) {
        return new ListedFolder(
                id,
                picture.times().begin(),
                tables.size(),
                () -> tables.stream().map(shown -> shown.folder).toList(),
                name -> ShownTable.ofFolder(name).filter(tables::contains).map(shown -> folder.apply(picture, shown)));
    }

    private static Optional<Node> stale(HostPicture picture) {
        Standing standing = picture.rows().standing();
        return standing.isConnected()
                ? Optional.empty()
                : Optional.of(PlainFile.line(
                        FixedNode.STALE,
                        standing.since(),
                        new JsonObject()
                                .put("reason", standing.reason())
                                .put("since", standing.since().toString())
                                .encode()));
    }
}
