// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkVanished;

/**
 * Answers of the kernel to requests of the agent that the kernel's own messages have not confirmed yet. Messages wait
 * in a queue, but an answer does not. So a message that arrives after an answer can be older, and must not revert the
 * view. The kernel reports every change, so a message that confirms the answer always comes, unless messages were
 * lost: then a listing comes.
 */
final class KernelAnswers {
    private final Map<Integer, Link> answers = new HashMap<>();
    private final Map<Integer, LinkEvent> older = new HashMap<>();

    /** The kernel has answered this about a link for which the view had another value. */
    void put(Link known, Link answer) {
        if (!shows(known, answer)) {
            answers.put(answer.index(), answer);
        }
    }

    /**
     * Returns whether a fact is older than an answer about the same link; if so it is kept until {@link #release}.
     */
    boolean isOlder(LinkEvent event) {
        int index = event.link().index();
        Link answer = answers.get(index);
        if (answer == null) {
            return false;
        }
        if (event instanceof LinkVanished || shows(event.link(), answer)) {
            answers.remove(index);
            older.remove(index);
            return false;
        }
        older.put(index, event);
        return true;
    }

    /**
     * Returns whether the known state of a link includes what the agent requested: a name, an alternative name, or to
     * be up.
     */
    private static boolean shows(Link known, Link answer) {
        return known.name().equals(answer.name())
                && known.altNames().containsAll(answer.altNames())
                && (known.up() || !answer.up());
    }

    /**
     * The links were listed: returns the latest fact of each link that was considered older, because it is true after
     * all.
     */
    List<LinkEvent> release() {
        List<LinkEvent> released = new ArrayList<>(older.values());
        answers.clear();
        older.clear();
        return released;
    }
}
