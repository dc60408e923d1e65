// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static java.util.Objects.requireNonNull;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.RefusedWriteException;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.tree.WritableFile;

/** A tree that a test fills and changes. */
final class SyntheticTree implements FileTree {
    private final Map<Long, Node> nodes = new ConcurrentHashMap<>();
    private final Map<Long, Map<String, Long>> entries = new ConcurrentHashMap<>();
    private final FlowableProcessor<TreeChange> changes =
            PublishProcessor.<TreeChange>create().toSerialized();
    private long last = ROOT;

    SyntheticTree() {
        putFolder(ROOT);
    }

    record Text(long id, Instant modified, String text) implements Node.TextFile {
        @Override
        public long size() {
            return content().length;
        }

        @Override
        public byte[] content() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Its content becomes what is written, in capital letters. */
    private final class Request implements WritableFile {
        private final long folder;
        private final String name;
        private final Text was;
        private final Takes takes;

        Request(long folder, String name, Text was, Takes takes) {
            this.folder = folder;
            this.name = name;
            this.was = was;
            this.takes = takes;
        }

        @Override
        public long id() {
            return was.id();
        }

        @Override
        public Instant modified() {
            return was.modified();
        }

        @Override
        public long size() {
            return was.size();
        }

        @Override
        public byte[] content() {
            return was.content();
        }

        @Override
        public Takes takes() {
            return takes;
        }

        @Override
        public int bytesMax() {
            return 20;
        }

        @Override
        public Completable write(byte[] content, Writer writer) {
            String text = new String(content, StandardCharsets.UTF_8);
            return Completable.fromAction(() -> {
                        if (text.contains("bad")) {
                            throw new RefusedWriteException(RefusedWriteException.Reason.INVALID, "bad");
                        }
                        Text now = new Text(id(), Instant.now(), text.toUpperCase(Locale.ROOT));
                        nodes.put(id(), new Request(folder, name, now, takes));
                        changes.onNext(new TreeChange.Modified(folder, name, id()));
                    })
                    .subscribeOn(Schedulers.io());
        }
    }

    private final class Listing implements Node.Folder {
        private final long id;
        private final Instant modified;

        Listing(long id, Instant modified) {
            this.id = id;
            this.modified = modified;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public Instant modified() {
            return modified;
        }

        @Override
        public Optional<Node> child(String name) {
            Long found = listed(id).get(name);
            return found == null ? Optional.empty() : node(found);
        }

        @Override
        public void forEach(BiConsumer<String, Node> action) {
            listed(id).forEach((name, number) -> node(number).ifPresent(each -> action.accept(name, each)));
        }

        @Override
        public int folders() {
            return (int) listed(id).values().stream()
                    .filter(each -> nodes.get(each) instanceof Node.Folder)
                    .count();
        }
    }

    private Map<String, Long> listed(long folder) {
        return entries.getOrDefault(folder, Map.of());
    }

    private void putFolder(long id) {
        entries.put(id, new ConcurrentSkipListMap<>());
        nodes.put(id, new Listing(id, Instant.now()));
    }

    @Override
    public Optional<Node> node(long id) {
        return Optional.ofNullable(nodes.get(id));
    }

    @Override
    public Flowable<TreeChange> changes() {
        return changes;
    }

    synchronized long folder(long in, String name) {
        long id = ++last;
        putFolder(id);
        return enter(in, name, id);
    }

    synchronized long file(long in, String name, String text) {
        long id = ++last;
        nodes.put(id, new Text(id, Instant.now(), text));
        return enter(in, name, id);
    }

    synchronized long writable(long in, String name, WritableFile.Takes takes) {
        long id = ++last;
        nodes.put(id, new Request(in, name, new Text(id, Instant.now(), "old\n"), takes));
        return enter(in, name, id);
    }

    synchronized long link(long in, String name, String target) {
        long id = ++last;
        nodes.put(id, new Node.SymbolicLink(id, Instant.now(), target));
        return enter(in, name, id);
    }

    private long enter(long in, String name, long id) {
        listed(in).put(name, id);
        nodes.put(in, new Listing(in, Instant.now()));
        changes.onNext(new TreeChange.Added(in, name, id));
        return id;
    }

    synchronized void write(long in, String name, String text) {
        long id = requireNonNull(listed(in).get(name));
        nodes.put(id, new Text(id, Instant.now(), text));
        changes.onNext(new TreeChange.Modified(in, name, id));
    }

    synchronized void remove(long in, String name) {
        long id = requireNonNull(listed(in).remove(name));
        forget(id);
        nodes.put(in, new Listing(in, Instant.now()));
        changes.onNext(new TreeChange.Removed(in, name, id));
    }

    private void forget(long id) {
        listed(id).values().forEach(this::forget);
        entries.remove(id);
        nodes.remove(id);
    }

    void loseChanges() {
        changes.onNext(new TreeChange.Lost());
    }
}
