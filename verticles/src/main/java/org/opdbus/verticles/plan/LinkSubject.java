// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.ProxmoxPicture;

/**
 * The link that a plan is about.
 *
 * @param name the name that the link should have
 * @param first whether it is the container's first link, to which a static address belongs
 */
public record LinkSubject(
        ContainerId id, ContainerView container, Intent intent, Link link, LinkName name, boolean first) {
    /** Returns how the agent names the link; empty if the agent does not change names. */
    public Optional<NamingMode> namingMode() {
        return switch (intent.naming()) {
            case OFF -> Optional.empty();
            case RENAME -> Optional.of(NamingMode.RENAME);
            case ALTNAME -> Optional.of(NamingMode.ALTNAME);
            case AUTO -> Optional.of(isFoundByOthers() ? NamingMode.ALTNAME : NamingMode.RENAME);
        };
    }

    /** Returns whether Proxmox made this link and finds it by name, or did so before a rename. */
    private boolean isFoundByOthers() {
        boolean made = ProxmoxPicture.containerOf(link.name().value()).equals(Optional.of(id));
        return made || link.altNames().contains(name.value());
    }

    /** Returns whether another program decides the link's own name, so that the port gets that name. */
    public boolean isNamedByOthers() {
        return namingMode().filter(NamingMode.RENAME::equals).isEmpty();
    }

    /** Returns whether the link has the name that it should have. */
    public boolean isNamed() {
        NamingMode mode = namingMode().orElse(null);
        if (mode == null) {
            return true;
        }
        return mode == NamingMode.RENAME ? link.name().equals(name) : link.answersTo(name.value());
    }

    /** Returns the refusal for a link whose name this holder already has. */
    public Refuse refuseTaken(String holder) {
        return new Refuse(
                Refusal.NAME_TAKEN,
                "the name " + name + " for link " + link.name() + " is held by " + holder,
                "rename or remove the link or port that holds it; the link is named as soon as the name is free");
    }

    /** Returns the name of the link's port: the link's own name, never an alternative one. */
    public String portName() {
        return isNamedByOthers() ? link.name().value() : name.value();
    }

    /** Returns the container's end of the link, if the agent has read it. */
    public Optional<Link.Inner> inner() {
        return container.inner(link.index());
    }
}
