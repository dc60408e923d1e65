// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;

/**
 * The desired state of one container while it runs.
 *
 * @param enroll whether the agent enrols the container's links; if not, it changes nothing about them
 * @param explicit whether the state file names this container; if so, its entry decides even where a link already is a port
 *     of another bridge
 * @param bridge the bridge to attach to; empty for none
 * @param naming how links get their names
 * @param firstLink the name of the first link, if the template's name does not apply
 * @param vlan the access VLAN; empty if the desired state gives none
 * @param address the static address of the first link; empty if the desired state gives none
 * @param inside the container's end of a link that the agent makes
 * @param takenBack earlier settings that the agent must undo
 */
public record Intent(
        boolean enroll,
        boolean explicit,
        String bridge,
        Naming naming,
        Optional<LinkName> firstLink,
        Optional<Integer> vlan,
        Optional<StaticAddress> address,
        Inside inside,
        TakenBack takenBack) {
    /**
     * The container's end of a link that the agent makes itself. Other links keep what their makers gave them.
     *
     * @param name its name in the container; empty if the desired state gives none
     * @param mtu the MTU of both ends; empty if the desired state gives none
     */
    public record Inside(Optional<LinkName> name, Optional<Integer> mtu) {
        /** The desired state says nothing about it. */
        public static final Inside UNNAMED = new Inside(Optional.empty(), Optional.empty());
    }

    /**
     * Settings that the desired state had earlier and no longer has. The agent undoes these. It leaves settings that the
     * desired state never had as it finds them.
     *
     * @param vlan whether the desired state had an access VLAN
     * @param address the static address that the desired state had
     */
    public record TakenBack(boolean vlan, Optional<StaticAddress> address) {
        /** There is nothing to undo. */
        public static final TakenBack NOTHING = new TakenBack(false, Optional.empty());
    }

    /** How links get their names. */
    public enum Naming {
        /** Rename a link that plain LXC made; give an alternative name to a link that Proxmox manages by name. */
        AUTO,
        /** Rename. */
        RENAME,
        /** Give an alternative name. */
        ALTNAME,
        /** Leave names alone. */
        OFF
    }

    /** Creates the intent not to change anything about this container. */
    public static Intent leaveAlone() {
        return new Intent(
                false,
                false,
                "",
                Naming.OFF,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Inside.UNNAMED,
                TakenBack.NOTHING);
    }

    /** Creates the intent for a container that the policy enrols although the state file does not name it. */
    public static Intent automatic(String bridge, Naming naming) {
        return new Intent(
                true,
                false,
                bridge,
                naming,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Inside.UNNAMED,
                TakenBack.NOTHING);
    }
}
