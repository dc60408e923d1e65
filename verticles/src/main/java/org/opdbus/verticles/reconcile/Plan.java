// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.PlannedStep;

/**
 * The planner's decision about one container: about it as a whole, or about each of its links.
 *
 * @param links the decision about each link, by its index
 * @param whole the decision about the container where no link is concerned; a rest if there is none
 * @param endings enrolments of the container that have ended and must be closed before anything else is done for it
 * @param names the link names on which this depends, each with the link that wants it: when the owner of one changes,
 * the container is checked again
 * @param intent what was wanted
 * @param renewed the indexes of the links about which this decides anew, or no longer decides
 */
record Plan(
        SortedMap<Integer, LinkPlan> links,
        Outcome whole,
        List<PlannedStep> endings,
        Map<String, Integer> names,
        Optional<Intent> intent,
        Set<Integer> renewed) {
    /** An index that no link has. */
    private static final int NO_LINK = 0;

    /**
     * The decision about one link.
     *
     * @param slot the slot from which its name follows
     */
    record LinkPlan(Link link, int slot, LinkName name, Outcome outcome) {}

    Plan {
        links = Collections.unmodifiableSortedMap(links);
        endings = List.copyOf(endings);
        names = Collections.unmodifiableMap(names);
        renewed = Collections.unmodifiableSet(renewed);
    }

    /** Creates a plan that concerns no link. */
    static Plan alone(Outcome outcome) {
        return new Plan(new TreeMap<>(), outcome, List.of(), Map.of(), Optional.empty(), Set.of());
    }

    /**
     * Creates a plan that concerns no link because the one with this name is missing. When the owner of the name changes, the
     * container is checked again.
     */
    static Plan without(String name, Outcome outcome) {
        return new Plan(new TreeMap<>(), outcome, List.of(), Map.of(name, NO_LINK), Optional.empty(), Set.of());
    }

    /** Creates a plan that closes these enrolments. */
    static Plan ending(List<PlannedStep> endings) {
        return new Plan(
                new TreeMap<>(),
                new Outcome.Rest(ContainerPhase.WORKING, "what is left of it is being ended: " + subjects(endings)),
                endings,
                Map.of(),
                Optional.empty(),
                Set.of());
    }

    private static String subjects(List<PlannedStep> endings) {
        return String.join(
                ", ", endings.stream().map(PlannedStep::about).distinct().toList());
    }

    /** Returns whether this is about links: an action for the container as a whole runs alone. */
    boolean isAboutLinks() {
        return !links.isEmpty();
    }

    /** Returns the actions, the most urgent first. */
    List<PlannedStep> steps() {
        List<PlannedStep> steps = new ArrayList<>();
        if (whole instanceof Outcome.Act act) {
            steps.add(act.step());
        }
        steps.addAll(endings);
        links.values().forEach(link -> {
            if (link.outcome() instanceof Outcome.Act act) {
                steps.add(act.step());
            }
        });
        return steps;
    }

    /** Returns the status of the container: that of its worst link. */
    ContainerPhase standing() {
        return new TreeSet<>(outcomes().stream().map(Plan::standingOf).toList()).last();
    }

    /** Returns the reason for the status, in words; empty when everything is correct. */
    String why() {
        return String.join(
                "; ",
                outcomes().stream()
                        .map(Plan::whyOf)
                        .filter(why -> !why.isEmpty())
                        .distinct()
                        .toList());
    }

    /** Returns what the user has to do about what is refused, in words; empty if nothing is. */
    String remedy() {
        return String.join(
                "; ",
                outcomes().stream()
                        .filter(Outcome.Refuse.class::isInstance)
                        .map(outcome -> ((Outcome.Refuse) outcome).remedy())
                        .filter(remedy -> !remedy.isEmpty())
                        .distinct()
                        .toList());
    }

    private List<Outcome> outcomes() {
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(whole);
        links.values().forEach(link -> outcomes.add(link.outcome()));
        return outcomes;
    }

    private static ContainerPhase standingOf(Outcome outcome) {
        if (outcome instanceof Outcome.Refuse) {
            return ContainerPhase.REFUSED;
        }
        return outcome instanceof Outcome.Rest rest ? rest.standing() : ContainerPhase.WORKING;
    }

    private static String whyOf(Outcome outcome) {
        if (outcome instanceof Outcome.Refuse refuse) {
            return refuse.message();
        }
        return outcome instanceof Outcome.Rest rest ? rest.why() : "";
    }
}
