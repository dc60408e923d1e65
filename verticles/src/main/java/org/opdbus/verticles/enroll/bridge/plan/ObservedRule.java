// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import static org.opdbus.verticles.inventory.ContainerPhase.ENROLLED;
import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.HostView;

/**
 * Decides about links for a process that only observes the host: as the rules of the agent do, but where they would act, this
 * rule says what Open vSwitch's rows show of the link. So it never returns a step.
 *
 * <p>Such a process has not entered the containers, so the rules of the agent would look into each of them first. The agent's
 * marks on a live port say that the agent has enrolled the link.
 */
public final class ObservedRule implements LinkRule {
    private final HostView view;
    private final LinkRule rules;

    /**
     * Creates the rule.
     *
     * @param rules the rules of the agent; the last of them always decides
     */
    public ObservedRule(HostView view, LinkRule rules) {
        this.view = view;
        this.rules = rules;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        return rules.decide(subject, port).map(outcome -> outcome instanceof Act ? shown(subject, port) : outcome);
    }

    private Outcome shown(LinkSubject subject, Optional<Port> port) {
        String link = subject.link().name().value();
        if (subject.intent().bridge().isEmpty()) {
            return new Rest(ENROLLED, "");
        }
        if (port.isEmpty()) {
            return new Rest(WAITING, "link " + link + " is no port yet");
        }
        Port found = port.get();
        if (!view.isOurs(subject.id(), subject.link().index(), found)) {
            return new Rest(WAITING, "the agent has not taken over port " + found.name() + " yet");
        }
        if (found.isLive()) {
            return new Rest(ENROLLED, "");
        }
        return found.error()
                .<Outcome>map(error -> new Refuse(
                        Refusal.PORT_FAILED,
                        "ovs-vswitchd cannot make port " + found.name() + " live: " + error,
                        "see ovs-vswitchd's log"))
                .orElseGet(() -> new Rest(WAITING, "ovs-vswitchd has not made port " + found.name() + " live yet"));
    }
}
