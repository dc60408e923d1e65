// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.util.List;
import org.opdbus.config.json.Limit;
import org.opdbus.events.LinkName;

/**
 * What happens to a container that the state file does not name, and to a port that somebody else changed.
 *
 * @param automatic whether such a container is enrolled at all
 * @param networkType what it is enrolled into
 * @param bridge the Open vSwitch bridge that its link becomes a port of
 * @param ignore the names of containers that are left alone
 * @param onDrift what is done when a port of ours is no longer as it was made
 */
public record EnrollmentConfig(
        boolean automatic, NetworkType networkType, String bridge, List<Glob> ignore, OnDrift onDrift) {
    /** What a container can be enrolled into. */
    public enum NetworkType {
        /** An Open vSwitch bridge. */
        BRIDGE,
        /** A Netmaker mesh, over a bridge. */
        NETMAKER
    }

    /** What is done about drift. */
    public enum OnDrift {
        /** It is put right, and told. */
        REPAIR,
        /** It is told. */
        REPORT
    }

    public static final Limit<String> BRIDGE = Limit.that(
            LinkName::isValid,
            "must be the name of a bridge (1 to " + LinkName.BYTES_MAX + " bytes, no slash, colon or white space)");

    public EnrollmentConfig {
        BRIDGE.check("bridge", bridge);
        ignore = List.copyOf(ignore);
    }

    public static EnrollmentConfig defaults() {
        return new EnrollmentConfig(true, NetworkType.BRIDGE, "vmbr0", List.of(), OnDrift.REPAIR);
    }

    /** Whether a container of this name is left alone. */
    public boolean ignores(String container) {
        return ignore.stream().anyMatch(glob -> glob.matches(container));
    }
}
