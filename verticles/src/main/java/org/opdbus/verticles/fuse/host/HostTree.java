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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.edges.rows.DatabaseRows;
import org.opdbus.verticles.edges.rows.DatabaseRows.Standing;
import org.opdbus.verticles.edges.rows.RowsFeed;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.tree.TreeChange.Modified;
import org.opdbus.verticles.fuse.write.Writes;
import org.opdbus.verticles.inventory.InventoryChange;

/** The tree of this host; the package documentation has the contract. Shows the rows only while it is {@link #open}. */
public final class HostTree implements FileTree {
    /** The entries of the root. */
    private static final SortedMap<String, Integer> TOP = new TreeMap<>(Map.ofEntries(
            Map.entry("by-uuid", FixedNode.BY_UUID),
            Map.entry("by-name", FixedNode.BY_NAME),
            Map.entry("aliases", FixedNode.ALIASES),
            Map.entry("containers", FixedNode.CONTAINERS),
            Map.entry("proxmox", FixedNode.PROXMOX),
            Map.entry("ledger", FixedNode.LEDGER),
            Map.entry(FixedNode.STALE_NAME, FixedNode.STALE),
            Map.entry(FixedNode.DESIRED_NAME, FixedNode.DESIRED),
            Map.entry(FixedNode.RESULT_NAME, FixedNode.RESULT),
            Map.entry(FixedNode.ERROR_NAME, FixedNode.ERROR)));

    private final Sources sources;
    private final Clock clock;
    private final Optional<LedgerFiles> ledger;
    private final Optional<DesiredFile> desired;
    private final RowFiles rowFiles;
    private final BehaviorProcessor<HostPicture> news;

    /**
     * Where the tree has its content from.
     *
     * @param inventory what the agent knows, for a reader on a scheduler, as {@code LiveInventory} emits it; in a process without
     *     the agent it emits nothing, and there are no containers and no alternative names of links
     * @param ledger the folder of the ledger; empty if there is no ledger
     * @param applied the file of the state that was applied last; empty if the tree has no such file
     * @param writes carries out what is written; empty if nothing can be written
     */
    public record Sources(
            RowsFeed rows,
            Function<Scheduler, Flowable<InventoryChange>> inventory,
            Optional<Path> ledger,
            Optional<Path> applied,
            Optional<Writes> writes) {}

    /** Creates a tree that is not open. */
    public HostTree(Sources sources, Clock clock) {
        this.sources = sources;
        this.clock = clock;
        ledger = sources.ledger().map(LedgerFiles::new);
        desired = sources.applied().map(path -> new DesiredFile(path, sources.writes()));
        news = BehaviorProcessor.createDefault(nothing());
        rowFiles = new RowFiles(sources.writes(), news.onBackpressureLatest());
    }

    /**
     * Begins to follow the sources, until the result is disposed of; then the tree forgets what it has shown. May be called again
     * after that.
     *
     * @param scheduler where the tree works
     */
    public Disposable open(Scheduler scheduler) {
        PictureFold fold = new PictureFold(nothing());
        CompositeDisposable open = new CompositeDisposable(sources.rows().keep());
        open.add(sources.rows()
                .changes(scheduler)
                .subscribe(change -> tell(open, fold, () -> fold.apply(change, clock.instant()))));
        open.add(sources.inventory()
                .apply(scheduler)
                .subscribe(change -> tell(open, fold, () -> fold.apply(change, clock.instant()))));
        open.add(Disposable.fromAction(this::forget));
        return open;
    }

    private synchronized void tell(Disposable open, PictureFold fold, Runnable change) {
        if (!open.isDisposed()) {
            change.run();
            news.onNext(fold.picture());
        }
    }

    private synchronized void forget() {
        news.onNext(nothing());
    }

    private HostPicture nothing() {
        Instant now = clock.instant();
        return HostPicture.of(new DatabaseRows(Map.of(), new Standing(false, now, "the tree is not open")), now);
    }

    @Override
    public Flowable<TreeChange> changes() {
        // Little ahead of the subscriber: what it has not taken yet is compared when it does.
        return Flowable.mergeArray(
                2,
                1,
                Flowable.defer(this::differences),
                sources.writes().map(HostTree::written).orElseGet(Flowable::never));
    }

    private Flowable<TreeChange> differences() {
        AtomicReference<HostPicture> last = new AtomicReference<>(picture());
        // A scan would hold a queue of pictures for a slow subscriber, instead of the newest one.
        return news.onBackpressureLatest()
                .concatMapIterable(next -> TreeDifferences.between(last.getAndSet(next), next), 1);
    }

    private static Flowable<TreeChange> written(Writes writes) {
        return writes.outcomes()
                .skip(1)
                .concatMapIterable(
                        outcome -> List.of(
                                new Modified(FixedNode.ROOT, FixedNode.DESIRED_NAME, FixedNode.DESIRED),
                                new Modified(FixedNode.ROOT, FixedNode.RESULT_NAME, FixedNode.RESULT),
                                new Modified(FixedNode.ROOT, FixedNode.ERROR_NAME, FixedNode.ERROR)),
                        1);
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
                ShownTable.ofKind(kind).flatMap(shown -> rowFiles.part(picture, shown, number));
            case BRIDGE_NAME, PORT_NAME, INTERFACE_NAME ->
                ShownTable.ofNameKind(kind).flatMap(shown -> rowFiles.name(picture, shown, number));
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
            case FixedNode.BY_UUID -> Optional.of(rowFiles.byUuid(picture));
            case FixedNode.BY_NAME -> Optional.of(rowFiles.byName(picture));
            case FixedNode.ALIASES -> Optional.of(AliasLinks.folder(picture));
            case FixedNode.CONTAINERS -> Optional.of(ContainerFiles.folder(picture));
            case FixedNode.PROXMOX -> Optional.of(GuestFiles.folder(picture));
            case FixedNode.LEDGER -> ledger.map(LedgerFiles::folder);
            case FixedNode.HEAD -> ledger.map(LedgerFiles::head);
            case FixedNode.STALE -> stale(picture);
            case FixedNode.DESIRED -> desired.map(DesiredFile::node);
            case FixedNode.RESULT -> sources.writes().map(Writes::outcome).map(HostTree::result);
            case FixedNode.ERROR -> sources.writes().map(Writes::outcome).map(HostTree::error);
            default ->
                Stream.of(ShownTable.values())
                        .flatMap(shown -> value == shown.rowsFolder()
                                ? Stream.of(rowFiles.rows(picture, shown))
                                : value == shown.namesFolder() && shown.nameKind.isPresent()
                                        ? Stream.of(rowFiles.names(picture, shown))
                                        : Stream.empty())
                        .map(Node.class::cast)
                        .findFirst();
        };
    }

    private Node.Folder root(HostPicture picture) {
        List<String> names = TOP.entrySet().stream()
                .filter(entry -> isThere(picture, entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        return new ListedFolder(
                FixedNode.ROOT,
                picture.times().of(FixedNode.ROOT),
                (int) names.stream()
                        .filter(name -> TOP.getOrDefault(name, 0) <= FixedNode.LEDGER)
                        .count(),
                () -> names,
                name -> names.contains(name) ? fixed(picture, TOP.getOrDefault(name, 0)) : Optional.empty());
    }

    private boolean isThere(HostPicture picture, int id) {
        return switch (id) {
            case FixedNode.LEDGER -> ledger.isPresent();
            case FixedNode.STALE -> !picture.rows().standing().isConnected();
            case FixedNode.DESIRED -> desired.isPresent();
            case FixedNode.RESULT, FixedNode.ERROR -> sources.writes().isPresent();
            default -> true;
        };
    }

    private static Node result(Writes.Outcome outcome) {
        return PlainFile.line(FixedNode.RESULT, outcome.resultAt(), outcome.result());
    }

    private static Node error(Writes.Outcome outcome) {
        return PlainFile.line(FixedNode.ERROR, outcome.errorAt(), Printable.of(outcome.error()));
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
