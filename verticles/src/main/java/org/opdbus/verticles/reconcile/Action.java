// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.ProxmoxNet;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.InnerLink;
import org.opdbus.verticles.view.PortOwner;
import org.opdbus.verticles.view.StaticAddress;

/** One thing to do for one container. {@link Steps} carries it out; each may be carried out again without harm. */
public sealed interface Action {
    /** The container that it is done for. */
    ContainerId container();

    /** What of the container's it is done to: a link or a port. Failures of one do not hold up the others. */
    default String about() {
        return "";
    }

    /** Whether what was done can be seen: until then the facts that follow from it are still on their way. */
    default boolean shows(HostView view) {
        return true;
    }

    /** Done to a link. */
    sealed interface OfLink extends Action {
        /** The host's end, as it was when this was decided. */
        Link link();

        @Override
        default String about() {
            return link().name().value();
        }
    }

    /** Done to a port. */
    sealed interface OfPort extends Action {
        /** The port, as it was when this was decided. */
        Port port();

        @Override
        default String about() {
            return port().name();
        }
    }

    /** About an enrolment. */
    sealed interface OfEnrollment extends Action {
        /** The enrolment, as it was when this was decided. */
        Enrollment enrollment();

        @Override
        default String about() {
            return enrollment().port();
        }
    }

    /** Asks the kernel which namespace id the container's init has. */
    record ResolveNamespace(ContainerId container, long initPid) implements Action {}

    /**
     * Waits until every port has been heard of that was there when this began. Without that, a port that another hand made
     * under the link's present name would be lost by a rename.
     */
    record HearPorts(ContainerId container, Link link) implements OfLink {}

    /** Gives a link its name. */
    record NameLink(ContainerId container, Link link, LinkName to, NamingMode mode) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.link(link.index()).map(now -> now.answersTo(to.value())).orElse(true);
        }
    }

    /**
     * Looks at the container's end of a link, and makes both ends fit for the bridge: the host's end up, and for a
     * userspace datapath transmit checksums finished by the container.
     */
    record PrepareLink(ContainerId container, Link link, long initPid, String bridge, boolean finishChecksums)
            implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.link(link.index()).map(Link::up).orElse(true);
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

    /** Done to a link of Proxmox's, after Proxmox's configuration has been read anew. */
    sealed interface OfManaged extends OfLink {}

    /** Makes a link of Proxmox's a port again that Proxmox has left without one, as Proxmox has configured it. */
    record PlugManaged(ProxmoxNet net, AttachPort attach) implements OfManaged {
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
    record LimitPort(ContainerId container, Link link, Port port, PolicingLimit limit) implements OfManaged {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name()).filter(limit::isOn).isPresent();
        }
    }

    /** Takes away a port that the agent made for a link which Proxmox wants to be no port. */
    record RetractPort(ContainerId container, Link link, Port port, String reason) implements OfManaged {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .filter(now -> now.uuid().equals(port.uuid()))
                    .isEmpty();
        }
    }

    /** Says that Proxmox has ended an enrolment of a link that is still there. */
    record EndManaged(ContainerId container, Link link, Enrollment enrollment, String reason) implements OfManaged {}

    /**
     * Says that Proxmox changed the port of a link that was enrolled, and how it is enrolled now.
     *
     * @param changes what is different, by name; empty text where there is nothing any more
     */
    record RecordChanged(Link link, ContainerEnrolled fact, Map<String, String> changes) implements OfManaged {
        public RecordChanged {
            changes = Map.copyOf(changes);
        }

        @Override
        public ContainerId container() {
            return fact.container();
        }
    }

    /**
     * Puts our marks on a port that LXC or Proxmox made for a container's link, so that it is provably ours from here on.
     */
    record AdoptPort(ContainerId container, Link link, Port port) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .flatMap(view::marksOf)
                    .filter(marks -> marks.container().equals(container) && marks.link() == link.index())
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
            return view.portNamed(late.name())
                    .filter(now -> now.uuid().equals(late.uuid()))
                    .isEmpty();
        }
    }

    /** Takes a port of ours away. */
    record RemovePort(ContainerId container, Port port, String reason) implements OfPort {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .filter(now -> now.uuid().equals(port.uuid()))
                    .isEmpty();
        }
    }

    /** Gives a port of ours the access VLAN that it should have. */
    record RetagPort(ContainerId container, Port port, Optional<Integer> vlan) implements OfPort {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .filter(now -> now.tag().equals(vlan))
                    .isPresent();
        }
    }

    /** Moves a port of ours to the bridge where it should be. */
    record MovePort(ContainerId container, Port port, String bridge) implements OfPort {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .filter(now -> now.bridge().equals(bridge))
                    .isPresent();
        }
    }

    /** Sets the static address inside the container. */
    record AssignAddress(ContainerId container, Link link, InnerLink inner, long initPid, StaticAddress address)
            implements OfLink {}

    /** Takes away inside the container the static address that was asked for earlier. */
    record ClearAddress(ContainerId container, Link link, InnerLink inner, long initPid, StaticAddress address)
            implements OfLink {}

    /** Says that the link is enrolled: the port is live. */
    record RecordEnrolled(ContainerEnrolled fact) implements Action {
        @Override
        public ContainerId container() {
            return fact.container();
        }
    }

    /** Writes the height of the enrolment's ledger entry into the port's marks. */
    record StampEntry(ContainerId container, Port port, long height) implements OfPort {
        @Override
        public boolean shows(HostView view) {
            return view.portNamed(port.name())
                    .flatMap(view::marksOf)
                    .flatMap(PortOwner::entry)
                    .equals(Optional.of(height));
        }
    }

    /** Says that a link that was enrolled carries packets no more, although its container runs. */
    record RecordLost(ContainerId container, Enrollment enrollment, String reason) implements OfEnrollment {}

    /** Says that an enrolment ended while nobody looked. */
    record RecordLeft(ContainerId container, Enrollment enrollment, String reason) implements OfEnrollment {}

    /** Says that another hand changed what we left, after making sure of it. */
    record RecordDrift(
            ContainerId container,
            Enrollment enrollment,
            String what,
            Map<String, String> before,
            Map<String, String> after,
            boolean repair)
            implements OfEnrollment {
        public RecordDrift {
            before = Map.copyOf(before);
            after = Map.copyOf(after);
        }
    }
}
