// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.opdbus.events.Port;

/** One planning rule about one link of a running container that is to be enrolled. Pure; confined to the router's context. */
@FunctionalInterface
public interface LinkRule {
    /**
     * What is to be done next for this link.
     *
     * @param port the port that stands for the link, if there is one
     * @return empty if this rule has nothing to say, so that the next rule is asked
     */
    Optional<Outcome> decide(LinkSubject subject, Optional<Port> port);

    /** The same rule, asked only about links for which this holds. */
    default LinkRule when(BiPredicate<LinkSubject, Optional<Port>> condition) {
        return (subject, port) -> condition.test(subject, port) ? decide(subject, port) : Optional.empty();
    }

    /** These rules in their order: the first that has something to say decides. */
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
