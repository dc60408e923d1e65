// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.util.List;
import org.opdbus.config.json.Limit;
import org.opdbus.events.LinkName;

/**
 * What the agent does with a container that the state file does not name, and with a port that another program
 * changed.
 *
 * @param automatic whether such a container is enrolled at all
 * @param networkType the type of network that it is enrolled into
 * @param bridge the Open vSwitch bridge for its link
 * @param ignore the names of containers that the agent leaves alone
 * @param onDrift what the agent does when a port of ours has changed
 */
public record EnrollmentConfig(
        boolean automatic, NetworkType networkType, String bridge, List<Glob> ignore, OnDrift onDrift) {
    /** The types of network that a container can be enrolled into. */
    public enum NetworkType {
        /** An Open vSwitch bridge. */
        BRIDGE,
        /** A Netmaker mesh, over a bridge. */
        NETMAKER
    }

    /** The reactions to drift. */
    public enum OnDrift {
        /** The agent repairs it, and reports it. */
        REPAIR,
        /** The agent reports it. */
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

    /** Returns whether the agent leaves a container of this name alone. */
    public boolean ignores(String container) {
        return ignore.stream().anyMatch(glob -> glob.matches(container));
    }
}
