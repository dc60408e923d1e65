// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Optional;
import org.opdbus.events.AnswerEvent;
import org.opdbus.events.AnswerEvent.AddressCleared;
import org.opdbus.events.AnswerEvent.AddressKept;
import org.opdbus.events.AnswerEvent.ChecksumsFinished;
import org.opdbus.events.AnswerEvent.LinkAnswered;
import org.opdbus.events.AnswerEvent.LinkMade;
import org.opdbus.events.AnswerEvent.LinkPrepared;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.AnswerEvent.PortsHeard;
import org.opdbus.events.AnswerEvent.QuietEnded;
import org.opdbus.events.ContainerId;

/**
 * Folds what handlers have learnt about containers into the view. It ignores an answer about a container that was
 * restarted since, or about a link that no longer exists.
 */
final class AnswerFold {
    private final Indexes indexes;
    private final LinkFold links;

    AnswerFold(Indexes indexes, LinkFold links) {
        this.indexes = indexes;
        this.links = links;
    }

    void apply(AnswerEvent event, Touched touched) {
        ContainerId id = event.container();
        if (event instanceof NamespaceResolved resolved) {
            touched.everythingOf(indexes.containers.resolved(resolved));
        } else if (event instanceof LinkAnswered answered) {
            links.answered(answered.asked(), answered.answer(), touched);
        } else if (event instanceof LinkPrepared prepared) {
            int index = prepared.asked().index();
            of(id, prepared.initPid(), index).ifPresent(container -> container.inner(index, prepared.inner()));
            touched.of(id).markLink(index);
            links.answered(prepared.asked(), prepared.answer(), touched);
        } else if (event instanceof LinkMade made) {
            made(made);
            touched.of(id).markLink(made.link().index());
        } else if (event instanceof ChecksumsFinished finished) {
            of(id, finished.initPid(), finished.link())
                    .filter(container -> container.inner(finished.link()).equals(Optional.of(finished.inner())))
                    .ifPresent(container ->
                            container.inner(finished.link(), finished.inner().withChecksumsFinished()));
            touched.of(id).markLink(finished.link());
        } else if (event instanceof PortsHeard heard) {
            of(id, heard.initPid(), heard.link()).ifPresent(container -> container.portsHeard(heard.link()));
            touched.of(id).markLink(heard.link());
        } else if (event instanceof AddressKept kept) {
            of(id, kept.initPid(), kept.link())
                    .ifPresent(container -> container.addressed(kept.link(), kept.address()));
            touched.of(id).markLink(kept.link());
        } else if (event instanceof AddressCleared cleared) {
            of(id, cleared.initPid(), cleared.link()).ifPresent(container -> container.cleared(cleared.link()));
            touched.of(id).markLink(cleared.link());
        } else if (event instanceof QuietEnded ended) {
            touched.of(id).markLink(ended.link());
        }
    }

    /** The kernel's message about the link may come later, so this counts without it. */
    private void made(LinkMade made) {
        int index = made.link().index();
        indexes.containers
                .of(made.container())
                .filter(container -> container.isRunning(made.initPid()))
                .ifPresent(container -> {
                    container.inner(index, made.inner());
                    made.address().ifPresent(address -> container.addressed(index, address));
                });
    }

    private Optional<ContainerView> of(ContainerId id, long initPid, int link) {
        return indexes.containers
                .of(id)
                .filter(container ->
                        container.isRunning(initPid) && indexes.links.of(link).isPresent());
    }
}
