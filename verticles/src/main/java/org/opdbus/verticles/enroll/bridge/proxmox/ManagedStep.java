// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import java.util.Map;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AttachPort;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/** A step for a link that Proxmox manages. The handler reads Proxmox's configuration again before it acts. */
public sealed interface ManagedStep extends PlannedStep {
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

    /** Makes a link a port again, as Proxmox has configured it, because Proxmox has left the link without a port. */
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

    /** Writes Proxmox's limit into the port's interface, so that ovs-vswitchd does not remove the limit. */
    record LimitPort(ContainerId container, Link link, Port port, PolicingLimit limit) implements ManagedStep {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name()).filter(limit::isOn).isPresent();
        }
    }

    /**
     * Removes a port that the agent made for a link that must not be a port according to Proxmox's configuration.
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

    /** Publishes that Proxmox has ended the enrolment of a link that still exists. */
    record EndManaged(ContainerId container, Link link, Enrollment enrollment, String reason) implements ManagedStep {
        @Override
        public boolean shows(HostView view) {
            return !view.enrollments().isOpen(container, enrollment.id());
        }
    }

    /**
     * Publishes that Proxmox has changed the port of an enrolled link, and how the link is enrolled now.
     *
     * @param changes the new values by name; an empty text where a value is gone
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
