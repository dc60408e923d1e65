// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.config.state.EntryForm;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;
import org.opdbus.verticles.state.ContainerChange.NoOp;

/**
 * The differences.
 *
 * @param changes one for each container that is wanted or must be deleted: deletions first, because new containers
 * may take their names, then changes, then creations, then those that match; each sorted by id
 * @param current the observed state, sorted by id
 * @param desired the wanted state, sorted by id
 */
public record StateDiff(List<ContainerChange> changes, List<ContainerState> current, List<ContainerState> desired) {
    public StateDiff {
        changes = List.copyOf(changes);
        current = List.copyOf(current);
        desired = List.copyOf(desired);
    }

    /**
     * Compares the wanted with the observed state. A function without side effects; the order within its arguments
     * does not matter.
     *
     * <p>A value that the wanted state does not set is not compared, unless the last apply set it: then it must be
     * undone. A container that is observed and not wanted is left alone, unless the last apply had it and {@code
     * prune} is requested. An entry that only attaches its workload has no counterpart on the host: it is deleted if the last apply
     * had it and {@code prune} is requested.
     *
     * @param last the record of the last apply, resolved by the same {@link StateDefaults}
     */
    public static StateDiff between(
            Collection<ContainerState> desired, Collection<ContainerState> observed, LastApplied last, boolean prune) {
        Map<ContainerId, ContainerState> wanted = byId(desired);
        Map<ContainerId, ContainerState> there = byId(observed);
        List<ContainerChange> changes = new ArrayList<>();
        if (prune) {
            last.containers().keySet().stream()
                    .filter(id -> !wanted.containsKey(id) && (there.containsKey(id) || isAttachment(id)))
                    .map(id -> new Delete(id, "the last applied state file had it, and this one " + "does not"))
                    .forEach(changes::add);
        }
        wanted.forEach((id, container) -> changes.add(change(container, Optional.ofNullable(there.get(id)), last)));
        changes.sort(Comparator.comparingInt(StateDiff::rank));
        return new StateDiff(changes, List.copyOf(there.values()), List.copyOf(wanted.values()));
    }

    /** Returns the changes that require work. */
    public List<ContainerChange> actions() {
        return changes.stream().filter(change -> !(change instanceof NoOp)).toList();
    }

    /** Returns whether a container was observed, and runs. */
    boolean runs(ContainerId id) {
        return current.stream().anyMatch(there -> there.id().equals(id) && there.running());
    }

    private static Map<ContainerId, ContainerState> byId(Collection<ContainerState> containers) {
        Map<ContainerId, ContainerState> byId = new TreeMap<>();
        for (ContainerState container : containers) {
            if (byId.put(container.id(), container) != null) {
                throw new IllegalArgumentException("container " + container.id() + " is given twice");
            }
        }
        return byId;
    }

    /** Returns whether an entry about this workload only says what its links are attached to. */
    static boolean isAttachment(ContainerId id) {
        return EntryForm.of(id.kind()).isAttachment();
    }

    private static ContainerChange change(ContainerState desired, Optional<ContainerState> observed, LastApplied last) {
        if (isAttachment(desired.id())) {
            return new AttachmentComparison(
                            desired,
                            observed,
                            Optional.ofNullable(last.containers().get(desired.id())))
                    .change();
        }
        if (observed.isEmpty()) {
            return new Create(desired);
        }
        ContainerState there = observed.get();
        List<Change> changes = new ArrayList<>();
        addLinkChange(changes, "bridge", there.bridge(), desired.bridge());
        addLinkChange(changes, "veth", there.veth(), desired.veth());
        if (there.running() != desired.running()) {
            changes.add(new Change(
                    "running",
                    Optional.of(there.running()),
                    Optional.of(desired.running()),
                    desired.running() ? "it is stopped and must run" : "it runs and must be stopped"));
        }
        new PropertyComparison(desired.properties(), there, last.propertiesOf(desired.id())).addTo(changes);
        changes.sort(Comparator.comparing(Change::key));
        return changes.isEmpty() ? new NoOp(desired.id()) : new Modify(desired.id(), changes);
    }

    /** A value that cannot be observed, such as the link of a stopped container, is not a difference. */
    private static void addLinkChange(
            List<Change> changes, String key, Optional<String> before, Optional<String> after) {
        if (before.isPresent() && after.isPresent() && !before.equals(after)) {
            changes.add(new Change(
                    key,
                    Optional.of(before.get()),
                    Optional.of(after.get()),
                    key.equals("bridge") ? "its link is on another bridge" : "its link has another name"));
        }
    }

    private static int rank(ContainerChange change) {
        if (change instanceof Delete) {
            return 0;
        }
        if (change instanceof Modify) {
            return 1;
        }
        return change instanceof Create ? 2 : 3;
    }
}
