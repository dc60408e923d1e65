// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.InnerLink;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.ProxmoxPicture;

/**
 * The link that is planned for.
 *
 * @param name the name that it should have
 * @param first whether it is the container's first, to which a static address belongs
 */
public record LinkSubject(
        ContainerId id, ContainerView container, Intent intent, Link link, LinkName name, boolean first) {
    /** How the link comes to its name; empty if names are left alone. */
    public Optional<NamingMode> namingMode() {
        return switch (intent.naming()) {
            case OFF -> Optional.empty();
            case RENAME -> Optional.of(NamingMode.RENAME);
            case ALTNAME -> Optional.of(NamingMode.ALTNAME);
            case AUTO -> Optional.of(isFoundByOthers() ? NamingMode.ALTNAME : NamingMode.RENAME);
        };
    }

    /** Whether Proxmox made this link and finds it by name, or did so before the link was renamed. */
    private boolean isFoundByOthers() {
        boolean made = ProxmoxPicture.containerOf(link.name().value()).equals(Optional.of(id));
        return made || link.altNames().contains(name.value());
    }

    /** Whether the link's own name is not ours to give, so that the port follows it. */
    public boolean isNamedByOthers() {
        return namingMode().filter(NamingMode.RENAME::equals).isEmpty();
    }

    /** Whether it has the name that it should have. */
    public boolean isNamed() {
        NamingMode mode = namingMode().orElse(null);
        if (mode == null) {
            return true;
        }
        return mode == NamingMode.RENAME ? link.name().equals(name) : link.answersTo(name.value());
    }

    /** The link cannot have its name, because this holds it. */
    public Refuse refuseTaken(String holder) {
        return new Refuse(
                Refusal.NAME_TAKEN,
                "the name " + name + " for link " + link.name() + " is held by " + holder,
                "rename or remove whatever holds it; the link is named as soon as the name is free");
    }

    /** The name of the link's port: a port bears its link's own name, never an alternative one. */
    public String portName() {
        return isNamedByOthers() ? link.name().value() : name.value();
    }

    /** The container's end, if it has been looked at. */
    public Optional<InnerLink> inner() {
        return container.inner(link.index());
    }
}
