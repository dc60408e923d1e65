// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;

/**
 * What is wanted for one container while it runs.
 *
 * @param enroll whether its links are to be enrolled at all; if not, they are left alone in every respect
 * @param explicit whether somebody named this container; if so the entry decides even where a link already is a port of
 *     another bridge
 * @param bridge the bridge to attach to; empty for none
 * @param naming how links come to their names
 * @param firstLink the name of the first link, where it is not the template's
 * @param vlan the access VLAN, where one is asked for
 * @param address the static address of the first link, where one is asked for
 * @param takenBack what was asked for earlier and is to be undone
 */
public record Intent(
        boolean enroll,
        boolean explicit,
        String bridge,
        Naming naming,
        Optional<LinkName> firstLink,
        Optional<Integer> vlan,
        Optional<StaticAddress> address,
        TakenBack takenBack) {
    /**
     * What was asked for earlier and is asked for no more. What nobody has asked for is left as it is found; this is undone.
     *
     * @param vlan whether an access VLAN was
     * @param address the static address that was
     */
    public record TakenBack(boolean vlan, Optional<StaticAddress> address) {
        /** Nothing was asked for earlier. */
        public static final TakenBack NOTHING = new TakenBack(false, Optional.empty());
    }

    /** How links come to their names. */
    public enum Naming {
        /** Rename what plain LXC made; give an alternative name to what Proxmox manages by name. */
        AUTO,
        /** Rename. */
        RENAME,
        /** Give an alternative name. */
        ALTNAME,
        /** Leave names alone. */
        OFF
    }

    /** Hands off this container. */
    public static Intent leaveAlone() {
        return new Intent(
                false, false, "", Naming.OFF, Optional.empty(), Optional.empty(), Optional.empty(), TakenBack.NOTHING);
    }

    /** Enrols a container that nobody named, by policy. */
    public static Intent automatic(String bridge, Naming naming) {
        return new Intent(
                true, false, bridge, naming, Optional.empty(), Optional.empty(), Optional.empty(), TakenBack.NOTHING);
    }
}
