// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/** Objects of one kind. They are made from the present state when they are asked for. */
public interface ObjectSource {
    /** Returns an object; empty if there is none of this path now. */
    Optional<ServedObject> at(ObjectPath path);

    /** Returns all objects there are now. */
    Stream<ServedObject> all();

    /**
     * Returns whether every caller may learn which objects there are. If not, a caller needs {@link Access#READ} for that, and
     * for each of them.
     */
    default boolean isPublic() {
        return false;
    }

    /** Returns a source of one object that is always there. */
    static ObjectSource of(ServedObject object) {
        return new ObjectSource() {
            @Override
            public Optional<ServedObject> at(ObjectPath path) {
                return path.equals(object.path()) ? Optional.of(object) : Optional.empty();
            }

            @Override
            public Stream<ServedObject> all() {
                return Stream.of(object);
            }

            @Override
            public boolean isPublic() {
                return true;
            }
        };
    }
}
