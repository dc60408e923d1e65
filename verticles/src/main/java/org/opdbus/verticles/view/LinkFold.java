// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;

/** Folds facts about links, and answers of the kernel about them, into the view. */
final class LinkFold {
    private final Indexes indexes;
    private final KernelAnswers answers = new KernelAnswers();

    private final Predicate<ContainerId> heard;

    /**
     * Creates an empty fold.
     *
     * @param heard whether the source of a container can be heard; a container of another one may have ended, and the kernel gives
     *     the number of its namespace to the next one
     */
    LinkFold(Indexes indexes, Predicate<ContainerId> heard) {
        this.indexes = indexes;
        this.heard = heard;
    }

    Touched apply(LinkEvent event) {
        Touched touched = new Touched();
        if (!answers.isOlder(event)) {
            applyLink(event, touched);
        }
        return touched;
    }

    /** The links were listed: facts that were considered older than an answer are true after all. */
    void release(Touched touched) {
        answers.release().forEach(older -> applyLink(older, touched));
    }

    /**
     * Folds in the kernel's answer about a link, unless a fact about the link has arrived since the question: that is
     * as new as the answer or newer, and the newest state must remain.
     */
    void answered(Link asked, Link answer, Touched touched) {
        if (indexes.links.of(asked.index()).filter(asked::equals).isPresent()) {
            answers.put(asked, answer);
            applyLink(new LinkChanged(asked, answer), touched);
        }
    }

    private void applyLink(LinkEvent event, Touched touched) {
        Link link = event.link();
        Optional<Link> before = indexes.links.remove(link.index());
        before.ifPresent(old -> indexes.touchBearer(old, touched));
        if (event instanceof LinkVanished) {
            indexes.touchSharedNames(link, touched);
            indexes.formerNames.forget(link.index());
            before.map(indexes::containersOf)
                    .orElse(Set.of())
                    .forEach(id -> indexes.containers.of(id).ifPresent(container -> container.forget(link.index())));
            touched.forEach((id, stale) -> stale.markLeftovers());
            return;
        }
        indexes.links.put(link);
        before.filter(old -> !old.name().equals(link.name())).ifPresent(old -> {
            indexes.touchSharedNames(link, touched);
            indexes.formerNames.renamed(old, link);
        });
        indexes.touchBearer(link, touched);
        boolean leadsThereAnew = before.filter(old -> old.peerNamespace() == link.peerNamespace())
                .isEmpty();
        if (leadsThereAnew) {
            touched.forEach((id, stale) -> stale.markLeftovers());
            if (link.isVethIntoNamespace()
                    && indexes.containers.in(link.peerNamespace()).stream().noneMatch(heard)) {
                // The kernel numbers a namespace when the first link leads there: it may be one of these.
                touched.everythingOf(indexes.containers.doubtNamespaces());
            }
        }
    }
}
