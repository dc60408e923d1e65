// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static java.util.Objects.requireNonNull;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.TreeChange;

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

    private final class Listing implements Node.Folder {
        private final long id;
        private final Instant modified = Instant.now();

        Listing(long id) {
            this.id = id;
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
        nodes.put(id, new Listing(id));
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

    synchronized long link(long in, String name, String target) {
        long id = ++last;
        nodes.put(id, new Node.SymbolicLink(id, Instant.now(), target));
        return enter(in, name, id);
    }

    private long enter(long in, String name, long id) {
        listed(in).put(name, id);
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
