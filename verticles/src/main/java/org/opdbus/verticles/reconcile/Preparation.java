// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Optional;
import org.opdbus.events.Bridge;
import org.opdbus.verticles.reconcile.Action.PrepareLink;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.InnerLink;

/** The look into the container, and what it makes sure of, that comes before anything else. */
final class Preparation {
    private final HostView view;
    private final Enrollments enrollments;

    Preparation(HostView view, Enrollments enrollments) {
        this.view = view;
        this.enrollments = enrollments;
    }

    /**
     * Before anything else is done to a link, it is prepared, which fails unless it leads into the namespace of the
     * container's init. The kernel gives the number of a namespace that is gone to the next one, so until LXC has said that
     * a container has stopped, the link of one that is just being started can look like its own.
     */
    Optional<Outcome> once(LinkSubject subject) {
        return subject.inner().isPresent() ? Optional.empty() : again(subject);
    }

    /** The same, and also makes sure that both ends are still fit for the bridge. */
    Optional<Outcome> again(LinkSubject subject) {
        boolean finishChecksums = view.bridge(subject.intent().bridge())
                .filter(Bridge::isUserspace)
                .isPresent();
        Optional<InnerLink> inner = subject.inner();
        // A link that was enrolled and is down now was taken down on purpose.
        boolean mayBeDown = enrollments.of(subject.id(), subject.link().index()).isPresent();
        boolean prepared = inner.isPresent()
                && (subject.link().up() || mayBeDown)
                && (!finishChecksums || inner.get().checksumsFinished());
        return prepared
                ? Optional.empty()
                : Optional.of(new Act(new PrepareLink(
                        subject.id(),
                        subject.link(),
                        subject.container().initPid().orElseThrow(),
                        subject.intent().bridge(),
                        finishChecksums)));
    }
}
