// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.ToLongFunction;
import org.opdbus.verticles.edges.rows.RowsChange;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.TableRows;
import org.opdbus.verticles.fuse.host.HostPicture.ShownContainer;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuest;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuestLink;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.tree.TreeChange.Added;
import org.opdbus.verticles.fuse.tree.TreeChange.Modified;
import org.opdbus.verticles.fuse.tree.TreeChange.Removed;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;

/** The changes of the tree between two pictures. */
final class TreeDifferences {
    private final HostPicture before;
    private final HostPicture after;
    private final List<TreeChange> changes = new ArrayList<>();

    private TreeDifferences(HostPicture before, HostPicture after) {
        this.before = before;
        this.after = after;
    }

    static List<TreeChange> between(HostPicture before, HostPicture after) {
        TreeDifferences differences = new TreeDifferences(before, after);
        differences.stale();
        differences.rows();
        ShownTable.NAMED.forEach(differences::names);
        differences.aliases();
        differences.containers();
        differences.guests();
        differences.ledger();
        return differences.changes;
    }

    private void stale() {
        boolean was = !before.rows().standing().isConnected();
        boolean is = !after.rows().standing().isConnected();
        if (was && is) {
            if (!before.rows().standing().equals(after.rows().standing())) {
                changes.add(new Modified(FixedNode.ROOT, FixedNode.STALE_NAME, FixedNode.STALE));
            }
        } else if (is) {
            changes.add(new Added(FixedNode.ROOT, FixedNode.STALE_NAME, FixedNode.STALE));
        } else if (was) {
            changes.add(new Removed(FixedNode.ROOT, FixedNode.STALE_NAME, FixedNode.STALE));
        }
    }

    private void rows() {
        for (RowsChange.OfRow row : new RowsChange(before.rows(), after.rows()).rows()) {
            ShownTable.ofDatabase(row.table()).ifPresent(shown -> row(shown, row.before(), row.after()));
        }
    }

    private void row(ShownTable shown, Optional<StoredRow> was, Optional<StoredRow> is) {
        if (was.isPresent() && is.isPresent() && was.get().serial() == is.get().serial()) {
            StoredRow row = is.get();
            long folder = RowFiles.folderId(shown, row);
            for (int column : row.changedSince(was.get())) {
                String name = row.columns().names().get(column);
                changes.add(new Modified(folder, name, RowFiles.columnId(shown, row, column)));
            }
            changes.add(new Modified(folder, RowFiles.WHOLE, RowFiles.wholeId(shown, row)));
            return;
        }
        was.ifPresent(row -> changes.add(new Removed(shown.rowsFolder(), row.uuid(), RowFiles.folderId(shown, row))));
        is.ifPresent(row -> changes.add(new Added(shown.rowsFolder(), row.uuid(), RowFiles.folderId(shown, row))));
    }

    private void names(ShownTable shown) {
        TableRows was = before.table(shown);
        TableRows is = after.table(shown);
        for (String name : is.namesChangedSince(was)) {
            entry(
                    shown.namesFolder(),
                    name,
                    was.named(name).map(row -> RowFiles.nameId(shown, row)),
                    is.named(name).map(row -> RowFiles.nameId(shown, row)),
                    true);
        }
    }

    private void aliases() {
        for (String name : after.aliases().changedSince(before.aliases())) {
            entry(
                    FixedNode.ALIASES,
                    name,
                    before.aliases().get(name).map(AliasLinks::id),
                    after.aliases().get(name).map(AliasLinks::id),
                    true);
        }
    }

    private void containers() {
        for (String name : after.containers().changedSince(before.containers())) {
            Optional<ShownContainer> was = before.containers().get(name);
            Optional<ShownContainer> is = after.containers().get(name);
            entry(
                    FixedNode.CONTAINERS,
                    name,
                    was.map(container -> ContainerFiles.id(container, NodeNumber.FOLDER)),
                    is.map(container -> ContainerFiles.id(container, NodeNumber.FOLDER)),
                    false);
            if (was.isPresent()
                    && is.isPresent()
                    && was.get().number() == is.get().number()) {
                container(was.get(), is.get());
            }
        }
    }

    private void container(ShownContainer was, ShownContainer is) {
        for (int i = 0; i < is.texts().size(); i++) {
            if (!was.texts().get(i).equals(is.texts().get(i))) {
                changes.add(new Modified(
                        ContainerFiles.id(is, NodeNumber.FOLDER),
                        ContainerFiles.TEXTS.get(i),
                        ContainerFiles.id(is, ContainerFiles.FIRST_TEXT + i)));
            }
        }
        long folder = ContainerFiles.id(is, ContainerFiles.LINKS);
        entries(
                folder,
                new Entries<>(was.links(), is.links(), link -> NodeNumber.link(is.number(), link.index())),
                (old, now) -> !old.target().equals(now.target()));
    }

    private void guests() {
        for (String vmid : after.guests().changedSince(before.guests())) {
            Optional<ShownGuest> was = before.guests().get(vmid);
            Optional<ShownGuest> is = after.guests().get(vmid);
            entry(FixedNode.PROXMOX, GuestFiles.folder(vmid), was.map(GuestFiles::id), is.map(GuestFiles::id), false);
            if (was.isPresent()
                    && is.isPresent()
                    && was.get().number() == is.get().number()) {
                guest(was.get(), is.get());
            }
        }
    }

    private void guest(ShownGuest was, ShownGuest is) {
        long folder = GuestFiles.id(is);
        entries(
                folder,
                new Entries<>(was.links(), is.links(), link -> NodeNumber.id(Kind.GUEST_LINK, link.serial())),
                (old, now) -> false);
        entries(
                folder,
                new Entries<>(
                        confs(was.links()), confs(is.links()), link -> NodeNumber.id(Kind.GUEST_CONF, link.serial())),
                (old, now) -> !old.conf().equals(now.conf()));
    }

    private static SortedMap<String, ShownGuestLink> confs(SortedMap<String, ShownGuestLink> links) {
        SortedMap<String, ShownGuestLink> confs = new TreeMap<>();
        links.forEach((name, link) -> confs.put(name + GuestFiles.CONF, link));
        return confs;
    }

    private void ledger() {
        if (before.ledger().equals(after.ledger())) {
            return;
        }
        changes.add(new Modified(FixedNode.LEDGER, FixedNode.HEAD_NAME, FixedNode.HEAD));
        long is = height(after);
        long was = height(before) == 0 ? is - 1 : height(before);
        for (long height = Math.max(was, is - LedgerFiles.LISTED_MAX) + 1; height <= is; height++) {
            changes.add(new Added(FixedNode.LEDGER, LedgerFiles.name(height), NodeNumber.id(Kind.ENTRY, height)));
        }
    }

    /** Returns the height of the last entry of this run of the agent, or 0. */
    private static long height(HostPicture picture) {
        return picture.ledger().flatMap(LedgerStanding::height).orElse(0L);
    }

    /** The entries of a folder before and after, and what gives each its number. */
    private record Entries<V>(Map<String, V> was, Map<String, V> is, ToLongFunction<V> id) {}

    private <V> void entries(long folder, Entries<V> entries, BiPredicate<V, V> isModified) {
        SortedMap<String, V> all = new TreeMap<>(entries.was);
        all.putAll(entries.is);
        for (String name : all.keySet()) {
            Optional<V> was = Optional.ofNullable(entries.was.get(name));
            Optional<V> is = Optional.ofNullable(entries.is.get(name));
            boolean changed = was.isPresent() && is.isPresent() && isModified.test(was.get(), is.get());
            entry(folder, name, was.map(entries.id::applyAsLong), is.map(entries.id::applyAsLong), changed);
        }
    }

    /** Adds what became of an entry; a node that is the same counts as modified only if it is. */
    private void entry(long folder, String name, Optional<Long> was, Optional<Long> is, boolean isModified) {
        Optional<String> file = FileName.of(name);
        if (file.isEmpty()) {
            return;
        }
        if (was.equals(is)) {
            if (isModified) {
                is.ifPresent(id -> changes.add(new Modified(folder, file.get(), id)));
            }
            return;
        }
        was.ifPresent(id -> changes.add(new Removed(folder, file.get(), id)));
        is.ifPresent(id -> changes.add(new Added(folder, file.get(), id)));
    }
}
