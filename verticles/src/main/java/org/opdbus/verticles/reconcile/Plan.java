// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.Link;

/**
 * What the planner says of one container.
 *
 * @param links the outcome for each of its links
 * @param alone the outcome where no link is concerned; a rest if there is nothing to say
 * @param names the link names on which this depends: a change of whoever bears one means to look again
 */
record Plan(Map<Link, Outcome> links, Outcome alone, Set<String> names) {
    Plan {
        links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
        names = Set.copyOf(names);
    }

    /** A plan in which no link is concerned. */
    static Plan alone(Outcome outcome) {
        return new Plan(Map.of(), outcome, Set.of());
    }

    /** What is to be done, the most urgent first; they are done one at a time. */
    List<Action> actions() {
        return outcomes().stream()
                .filter(Outcome.Act.class::isInstance)
                .map(outcome -> ((Outcome.Act) outcome).action())
                .toList();
    }

    /** How the container stands: as its worst link does. */
    Standing standing() {
        return new TreeSet<>(outcomes().stream().map(Plan::standingOf).toList()).last();
    }

    /** Why it stands so, in words; empty when all is well. */
    String why() {
        return String.join(
                "; ",
                outcomes().stream()
                        .map(Plan::whyOf)
                        .filter(why -> !why.isEmpty())
                        .distinct()
                        .toList());
    }

    private List<Outcome> outcomes() {
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(alone);
        links.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(java.util.Comparator.comparingInt(Link::index)))
                .forEach(entry -> outcomes.add(entry.getValue()));
        return outcomes;
    }

    private static Standing standingOf(Outcome outcome) {
        if (outcome instanceof Outcome.Refuse) {
            return Standing.REFUSED;
        }
        return outcome instanceof Outcome.Rest rest ? rest.standing() : Standing.WORKING;
    }

    private static String whyOf(Outcome outcome) {
        if (outcome instanceof Outcome.Refuse refuse) {
            return refuse.message();
        }
        return outcome instanceof Outcome.Rest rest ? rest.why() : "";
    }
}
