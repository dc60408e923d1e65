// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import java.util.Map;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.ProxmoxNet;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AttachPort;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** What is done to a link of Proxmox's, after Proxmox's configuration has been read anew. */
public sealed interface ManagedStep extends PlannedStep {
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

    /** Makes a link of Proxmox's a port again that Proxmox has left without one, as Proxmox has configured it. */
    record PlugManaged(ProxmoxNet net, AttachPort attach) implements ManagedStep {
        @Override
        public ContainerId container() {
            return attach.container();
        }

        @Override
        public Link link() {
            return attach.link();
        }

        @Override
        public boolean shows(HostView view) {
            return attach.shows(view);
        }
    }

    /** Writes Proxmox's limit into the port's interface, so that ovs-vswitchd does not take the limit away. */
    record LimitPort(ContainerId container, Link link, Port port, PolicingLimit limit) implements ManagedStep {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name()).filter(limit::isOn).isPresent();
        }
    }

    /**
     * Takes away a port that the agent made for a link which Proxmox wants to be no port.
     *
     * @param enrollment the id of the port's enrolment
     */
    record RetractPort(ContainerId container, Link link, Port port, String enrollment, String reason)
            implements ManagedStep {
        @Override
        public boolean shows(HostView view) {
            boolean gone = view.portNamed(port.name())
                    .filter(now -> now.uuid().equals(port.uuid()))
                    .isEmpty();
            return gone && !view.enrollments().isOpen(container, enrollment);
        }
    }

    /** Says that Proxmox has ended an enrolment of a link that is still there. */
    record EndManaged(ContainerId container, Link link, Enrollment enrollment, String reason) implements ManagedStep {
        @Override
        public boolean shows(HostView view) {
            return !view.enrollments().isOpen(container, enrollment.id());
        }
    }

    /**
     * Says that Proxmox changed the port of a link that was enrolled, and how it is enrolled now.
     *
     * @param changes what is different, by name; empty text where there is nothing any more
     */
    record RecordChanged(Link link, ContainerEnrolled fact, Map<String, String> changes) implements ManagedStep {
        public RecordChanged {
            changes = Map.copyOf(changes);
        }

        @Override
        public ContainerId container() {
            return fact.container();
        }

        @Override
        public boolean shows(HostView view) {
            return view.enrollments()
                    .of(container(), fact.index())
                    .filter(enrollment -> enrollment.isOf(fact))
                    .isPresent();
        }
    }
}
