// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/** All objects of a connection, and which of them an {@code ObjectManager} lists. Immutable; the objects come and go. */
public final class ObjectTree {
    /**
     * Objects below one that lists them.
     *
     * @param manager the object with {@code org.freedesktop.DBus.ObjectManager}
     */
    public record Managed(ObjectPath manager, List<ObjectSource> sources) {
        /** Copies the list. */
        public Managed {
            sources = List.copyOf(sources);
        }
    }

    /** An object, and whether every caller may learn that it is there. */
    record Found(ServedObject object, boolean isPublic) {}

    private final List<ObjectSource> alone;
    private final List<Managed> managed;

    /** Creates a tree of objects that no manager lists, and of others. */
    public ObjectTree(List<ObjectSource> alone, List<Managed> managed) {
        this.alone = List.copyOf(alone);
        this.managed = List.copyOf(managed);
    }

    /** Returns the object of a path; a path with objects below it only has an object without interfaces. */
    Optional<Found> find(ObjectPath path) {
        return sources()
                .flatMap(source -> source.at(path).map(object -> new Found(object, source.isPublic())).stream())
                .findFirst()
                .or(() -> between(path));
    }

    private Optional<Found> between(ObjectPath path) {
        boolean isPublic = isManager(path) || !children(path, true).isEmpty();
        return isPublic || !children(path, false).isEmpty()
                ? Optional.of(new Found(new ServedObject(path, List.of()), isPublic))
                : Optional.empty();
    }

    /** Returns whether the object lists others. */
    boolean isManager(ObjectPath path) {
        return managed.stream().anyMatch(each -> each.manager().equals(path));
    }

    /** Returns the objects that this one lists. */
    Stream<ServedObject> managedBy(ObjectPath path) {
        return managed.stream()
                .filter(each -> each.manager().equals(path))
                .flatMap(each -> each.sources().stream())
                .flatMap(ObjectSource::all);
    }

    /** Returns the next elements of all paths below one, sorted. */
    SortedSet<String> children(ObjectPath path, boolean publicOnly) {
        String prefix = path.equals(ObjectPath.ROOT) ? "/" : path.value() + "/";
        SortedSet<String> names = new TreeSet<>();
        Stream.concat(
                        managed.stream().map(each -> each.manager().value()),
                        sources()
                                .filter(source -> !publicOnly || source.isPublic())
                                .flatMap(ObjectSource::all)
                                .map(object -> object.path().value()))
                .filter(below -> below.startsWith(prefix) && below.length() > prefix.length())
                .forEach(below -> names.add(below.substring(prefix.length()).split("/", 2)[0]));
        return names;
    }

    private Stream<ObjectSource> sources() {
        return Stream.concat(alone.stream(), managed.stream().flatMap(each -> each.sources().stream()));
    }
}
