// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.rename.RenameStep.NewName;
import org.opdbus.verticles.rename.RenameStep.PrepareLink;
import org.opdbus.verticles.view.HostView;

/**
 * Before any other step for a link, it is prepared, which fails unless it leads into the namespace of the container's
 * init. The kernel reuses the number of an ended namespace. So until LXC has reported the stop of a container, the
 * link of one that is just starting can look like its own.
 */
public final class PreparationRule implements LinkRule {
    private final HostView view;
    private final Kind kind;

    private enum Kind {
        ONCE,
        WITH_NAME,
        AGAIN
    }

    private PreparationRule(HostView view, Kind kind) {
        this.view = view;
        this.kind = kind;
    }

    /** Prepares a link that was not prepared yet. */
    public static PreparationRule once(HostView view) {
        return new PreparationRule(view, Kind.ONCE);
    }

    /**
     * Prepares a link that was not prepared yet and that the next rule would name. Without a port to mark before it and
     * without an enrolment, whose drift is recorded before it, the naming follows at once.
     */
    public static PreparationRule withName(HostView view) {
        return new PreparationRule(view, Kind.WITH_NAME);
    }

    /** Prepares it, and also ensures that the host's end is still up. */
    public static PreparationRule again(HostView view) {
        return new PreparationRule(view, Kind.AGAIN);
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        boolean enrolled =
                view.enrollments().of(subject.id(), subject.link().index()).isPresent();
        // An enrolled link that is down now was taken down on purpose.
        boolean fit = kind != Kind.AGAIN || subject.link().up() || enrolled;
        if (subject.inner().isPresent() && fit) {
            return Optional.empty();
        }
        Optional<NewName> name = kind == Kind.WITH_NAME && port.isEmpty() && !enrolled
                ? subject.namingMode().map(mode -> new NewName(subject.name(), mode))
                : Optional.empty();
        return Optional.of(new Act(new PrepareLink(
                subject.id(), subject.link(), subject.container().initPid().orElseThrow(), name)));
    }
}
