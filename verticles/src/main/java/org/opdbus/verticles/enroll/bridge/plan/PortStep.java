// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.edges.PortSettings;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/** A step for the port of a container's link. A handler may repeat each of them without harm. */
public sealed interface PortStep extends PlannedStep {
    /** A step for a link that exists. */
    sealed interface OfLink extends PortStep {
        /** Returns the host's end as the view showed it when the rule decided. */
        Link link();

        @Override
        default String about() {
            return link().name().value();
        }

        @Override
        default Subject subject() {
            return Subject.link(link().index());
        }
    }

    /**
     * Makes a link a port of a bridge.
     *
     * @param formerNames earlier names of the link; if a port has such a name, the agent takes it over instead
     */
    record AttachPort(
            ContainerId container,
            Link link,
            String port,
            String bridge,
            PortSettings settings,
            Link.Inner inner,
            List<String> formerNames)
            implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port).isPresent();
        }
    }

    /**
     * Puts our marks on a port that LXC or Proxmox made for a container's link, so that it is provably ours from here on.
     */
    record AdoptPort(ContainerId container, Link link, Port port) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .filter(now -> view.isOurs(container, link.index(), now))
                    .isPresent();
        }
    }

    /** Replaces a port that has its link's former name with a port that has its present name and the same attributes. */
    record SwapPort(ContainerId container, Link link, Port port, String to, String bridge, Link.Inner inner)
            implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(to).isPresent();
        }
    }

    /**
     * Copies the configuration of a link's second row to our row, and removes the second row. Another program made the second
     * row under an earlier name of the link.
     */
    record AbsorbPort(ContainerId container, Link link, Port port, Port late) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return isGone(view, late);
        }
    }

    /** Sets the access VLAN that a port of ours should have. */
    record RetagPort(ContainerId container, Link link, Port port, Optional<Integer> vlan) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .filter(now -> now.tag().equals(vlan))
                    .isPresent();
        }
    }

    /** Moves a port of ours to the bridge where it should be. */
    record MovePort(ContainerId container, Link link, Port port, String bridge) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .filter(now -> now.bridge().equals(bridge))
                    .isPresent();
        }
    }

    /**
     * Takes a link that exists off its bridge, because nothing is to be attached to it any more, and records that its enrolment has
     * ended.
     *
     * @param enrollment the id of the port's enrolment
     */
    record DetachPort(ContainerId container, Link link, Port port, String enrollment) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return isGone(view, port) && !view.enrollments().isOpen(container, enrollment);
        }
    }

    /** Writes the height of the enrolment's ledger entry into the port's marks. */
    record StampEntry(ContainerId container, Link link, Port port, long height) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .flatMap(view::marksOf)
                    .flatMap(PortOwner::entry)
                    .equals(Optional.of(height));
        }
    }

    /**
     * Removes a port of ours, and records that its enrolment has ended unless another port of that enrolment exists.
     *
     * @param enrollment the id of the port's enrolment
     */
    record RemovePort(ContainerId container, Port port, String enrollment, String reason) implements PortStep {
        @Override
        public String about() {
            return port.name();
        }

        @Override
        public Subject subject() {
            return Subject.enrollment(enrollment);
        }

        @Override
        public boolean shows(HostView view) {
            return isGone(view, port)
                    && (!view.enrollments().isOpen(container, enrollment) || stands(view, container, enrollment));
        }
    }

    /** Returns whether the view no longer has this row. */
    static boolean isGone(HostView view, Port port) {
        return view.portNamed(port.name())
                .filter(now -> now.uuid().equals(port.uuid()))
                .isEmpty();
    }

    /** Returns whether a port has the marks of this enrolment. */
    static boolean stands(HostView view, ContainerId container, String enrollment) {
        return view.portsOf(container).stream()
                .flatMap(port -> view.marksOf(port).stream())
                .anyMatch(marks -> marks.enrollment().equals(enrollment));
    }
}
