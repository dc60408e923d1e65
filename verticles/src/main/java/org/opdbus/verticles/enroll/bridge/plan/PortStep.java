// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.InnerLink;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.edges.PortSettings;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/** What is done to the port of a container's link. Each may be done again without harm. */
public sealed interface PortStep extends PlannedStep {
    /** Done for a link that is there. */
    sealed interface OfLink extends PortStep {
        /** The host's end, as it was when this was decided. */
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
     * @param formerNames names that the link bore earlier: a port of such a name is taken over instead
     */
    record AttachPort(
            ContainerId container,
            Link link,
            String port,
            String bridge,
            PortSettings settings,
            InnerLink inner,
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

    /** Replaces a port that stands under its link's former name by one under its name, with all its attributes. */
    record SwapPort(ContainerId container, Link link, Port port, String to, String bridge, InnerLink inner)
            implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(to).isPresent();
        }
    }

    /**
     * Takes the configuration of a second row of a link over to our row, and the second row away. Another hand made it
     * under an earlier name of the link.
     */
    record AbsorbPort(ContainerId container, Link link, Port port, Port late) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return isGone(view, late);
        }
    }

    /** Gives a port of ours the access VLAN that it should have. */
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
     * Takes a port of ours away, and says that its enrolment has ended unless another port of that enrolment stands.
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

    /** Whether this row is known to be there no more. */
    static boolean isGone(HostView view, Port port) {
        return view.portNamed(port.name())
                .filter(now -> now.uuid().equals(port.uuid()))
                .isEmpty();
    }

    /** Whether a port bears the marks of this enrolment. */
    static boolean stands(HostView view, ContainerId container, String enrollment) {
        return view.portsOf(container).stream()
                .flatMap(port -> view.marksOf(port).stream())
                .anyMatch(marks -> marks.enrollment().equals(enrollment));
    }
}
