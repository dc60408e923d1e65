// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.edges.NewLink;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;

/** What this room does for a container or one of its links. Each may be done again without harm. */
public sealed interface RenameStep extends PlannedStep {
    /** Done to a link. */
    sealed interface OfLink extends RenameStep {
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
     * Asks the kernel which namespace id the container's init has.
     *
     * @param question the number of this question, as {@link ContainerView#namespaceQuestion} counts them
     */
    record ResolveNamespace(ContainerId container, long initPid, long question) implements RenameStep {
        @Override
        public Subject subject() {
            return Subject.CONTAINER;
        }

        @Override
        public boolean shows(HostView view) {
            return view.container(container)
                    .filter(now -> now.isRunning(initPid) && !now.isAnswered(question))
                    .isEmpty();
        }
    }

    /**
     * Makes the link of a container to which its engine gives none, and asks for the id of its namespace, which the kernel numbers
     * with the first link.
     *
     * @param link the names and settings of both ends
     * @param bridge the bridge that it is for
     * @param question as in {@link ResolveNamespace}
     */
    record MakeLink(ContainerId container, NewLink link, String bridge, long initPid, long question)
            implements RenameStep {
        @Override
        public Subject subject() {
            return Subject.CONTAINER;
        }

        @Override
        public String about() {
            return link.outer().value();
        }

        @Override
        public boolean shows(HostView view) {
            return view.container(container)
                    .filter(now -> now.isRunning(initPid)
                            && view.linkNamed(link.outer().value()).isEmpty())
                    .isEmpty();
        }
    }

    /**
     * Waits until every port has been heard of that was there when this began. Without that, a port that another hand made
     * under the link's present name would be lost by a rename.
     */
    record HearPorts(ContainerId container, Link link, long initPid) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return running(view, container, initPid, link)
                    .map(now -> now.arePortsHeard(link.index()))
                    .orElse(true);
        }
    }

    /**
     * Looks at the container's end of a link, and sets the host's end up. Of a virtual machine's tap there is only that end.
     *
     * @param name the name that the link gets on the same visit to the kernel, if it may have one already. If the link
     *     cannot have it, this step is done all the same, and {@link NameLink} follows.
     */
    record PrepareLink(ContainerId container, Link link, long initPid, Optional<NewName> name) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            boolean up = view.link(link.index()).map(Link::up).orElse(true);
            return up
                    && running(view, container, initPid, link)
                            .map(now -> now.inner(link.index()).isPresent())
                            .orElse(true);
        }
    }

    /** A name to give to a link. */
    record NewName(LinkName to, NamingMode mode) {}

    /** Makes the container finish the checksums of what it sends: a bridge of a userspace datapath cannot finish them. */
    record FinishChecksums(ContainerId container, Link link, Link.Inner inner, long initPid, String bridge)
            implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return running(view, container, initPid, link)
                    .flatMap(now -> now.inner(link.index()))
                    .map(Link.Inner::checksumsFinished)
                    .orElse(true);
        }
    }

    /** Gives a link its name. */
    record NameLink(ContainerId container, Link link, LinkName to, NamingMode mode) implements OfLink {
        @Override
        public boolean shows(HostView view) {
            return view.link(link.index()).map(now -> now.answersTo(to.value())).orElse(true);
        }
    }

    /** The container, if it still runs with this init and the link is still there. */
    private static Optional<ContainerView> running(HostView view, ContainerId id, long initPid, Link link) {
        return view.container(id)
                .filter(now -> now.isRunning(initPid) && view.link(link.index()).isPresent());
    }
}
