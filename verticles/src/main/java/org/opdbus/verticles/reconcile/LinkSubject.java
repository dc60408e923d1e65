// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Optional;
import java.util.regex.Matcher;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.InnerLink;

/**
 * The link that is planned for.
 *
 * @param name the name that it should have
 * @param first whether it is the container's first, to which a static address belongs
 */
record LinkSubject(ContainerId id, ContainerView container, Intent intent, Link link, LinkName name, boolean first) {
    Optional<NamingMode> namingMode() {
        return switch (intent.naming()) {
            case OFF -> Optional.empty();
            case RENAME -> Optional.of(NamingMode.RENAME);
            case ALTNAME -> Optional.of(NamingMode.ALTNAME);
            case AUTO -> Optional.of(isFoundByOthers() ? NamingMode.ALTNAME : NamingMode.RENAME);
        };
    }

    /** Whether Proxmox made this link and finds it by name, or did so before somebody renamed it. */
    private boolean isFoundByOthers() {
        Matcher matcher = Slots.PROXMOX.matcher(link.name().value());
        boolean made = matcher.matches() && matcher.group(1).equals(id.value());
        return made || link.altNames().contains(name.value());
    }

    /** Whether the link's own name is not ours to give, so that the port follows it. */
    boolean isNamedByOthers() {
        return namingMode().filter(NamingMode.RENAME::equals).isEmpty();
    }

    boolean isNamed() {
        NamingMode mode = namingMode().orElse(null);
        if (mode == null) {
            return true;
        }
        return mode == NamingMode.RENAME ? link.name().equals(name) : link.answersTo(name.value());
    }

    /** The name of the link's port: a port bears its link's own name, never an alternative one. */
    String portName() {
        return isNamedByOthers() ? link.name().value() : name.value();
    }

    /** The container's end, if it has been looked at. */
    Optional<InnerLink> inner() {
        return container.inner(link.index());
    }
}
