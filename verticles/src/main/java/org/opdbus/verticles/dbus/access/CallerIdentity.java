// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * The process that made a connection, as the bus saw it then. It never changes.
 *
 * @param uid its user
 * @param groups its groups, the primary one too; none if the bus does not say
 * @param pid its process; 0 if the bus does not say
 */
record CallerIdentity(String busName, long uid, Set<Long> groups, long pid) {
    static final long ROOT = 0;

    CallerIdentity {
        groups = Set.copyOf(groups);
    }

    /**
     * Reads the answer to {@code GetConnectionCredentials}.
     *
     * @throws IllegalArgumentException if it has another form or names no user
     */
    static CallerIdentity of(String busName, BusMessage answer) {
        if (!answer.body().signature().equals("a{sv}")) {
            throw new IllegalArgumentException("the bus describes a connection in an unknown form");
        }
        Map<?, ?> credentials = (Map<?, ?>) answer.body().values().get(0);
        long uid = number(credentials, "UnixUserID")
                .orElseThrow(() -> new IllegalArgumentException("the bus does not know the user of a connection"));
        return new CallerIdentity(
                busName,
                uid,
                groups(credentials),
                number(credentials, "ProcessID").orElse(0L));
    }

    private static Optional<Long> number(Map<?, ?> credentials, String key) {
        return credentials.get(key) instanceof Variant value && value.value() instanceof Long number
                ? Optional.of(number)
                : Optional.empty();
    }

    private static Set<Long> groups(Map<?, ?> credentials) {
        return credentials.get("UnixGroupIDs") instanceof Variant value && value.value() instanceof List<?> numbers
                ? numbers.stream()
                        .filter(Long.class::isInstance)
                        .map(Long.class::cast)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    boolean isRoot() {
        return uid == ROOT;
    }
}
