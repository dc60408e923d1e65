// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.Bridge;
import org.opdbus.events.InnerLink;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.rename.RenameStep.PrepareLink;
import org.opdbus.verticles.view.HostView;

/**
 * Before any other step for a link, it is prepared, which fails unless it leads into the namespace of the container's
 * init. The kernel reuses the number of an ended namespace. So until LXC has reported the stop of a container, the
 * link of one that is just starting can look like its own.
 */
public final class PreparationRule implements LinkRule {
    private final HostView view;
    private final boolean again;

    private PreparationRule(HostView view, boolean again) {
        this.view = view;
        this.again = again;
    }

    /** Prepares a link that was not prepared yet. */
    public static PreparationRule once(HostView view) {
        return new PreparationRule(view, false);
    }

    /** Prepares it, and also ensures that both ends are still fit for the bridge. */
    public static PreparationRule again(HostView view) {
        return new PreparationRule(view, true);
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        Optional<InnerLink> inner = subject.inner();
        if (inner.isPresent() && !again) {
            return Optional.empty();
        }
        boolean finishChecksums = view.bridge(subject.intent().bridge())
                .filter(Bridge::isUserspace)
                .isPresent();
        // An enrolled link that is down now was taken down on purpose.
        boolean mayBeDown =
                view.enrollments().of(subject.id(), subject.link().index()).isPresent();
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
