// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.opdbus.events.Port;

/** One planning rule about one link of a running container that the agent enrols. Pure; confined to the router's context. */
@FunctionalInterface
public interface LinkRule {
    /**
     * Decides the next action for this link.
     *
     * @param port the port of the link, if it has one
     * @return the decision; empty if this rule does not decide, so that the router asks the next rule
     */
    Optional<Outcome> decide(LinkSubject subject, Optional<Port> port);

    /** Returns the same rule, limited to links that meet the condition. */
    default LinkRule when(BiPredicate<LinkSubject, Optional<Port>> condition) {
        return (subject, port) -> condition.test(subject, port) ? decide(subject, port) : Optional.empty();
    }

    /** Returns one rule made of these rules in their order: the first that returns a decision decides. */
    static LinkRule first(List<LinkRule> rules) {
        List<LinkRule> ordered = List.copyOf(rules);
        return (subject, port) -> {
            for (LinkRule rule : ordered) {
                Optional<Outcome> outcome = rule.decide(subject, port);
                if (outcome.isPresent()) {
                    return outcome;
                }
            }
            return Optional.empty();
        };
    }
}
