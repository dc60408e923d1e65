// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RemovePort;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordLeft;
import org.opdbus.verticles.plan.Endings;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/**
 * Closes the ports and enrolments of containers and links that are gone. Ports go first. The agent records that an enrolment
 * without a port has ended only when no such port is left.
 */
public final class EndedRule implements Endings {
    private static final String STOPPED = "container stopped";
    private static final String LINK_GONE = "its link is gone";

    private final HostView view;

    public EndedRule(HostView view) {
        this.view = view;
    }

    @Override
    public List<PlannedStep> ofStopped(ContainerId id) {
        List<PlannedStep> endings = new ArrayList<>();
        if (!view.isListed(Source.OVSDB)) {
            return endings;
        }
        view.portsOf(id).forEach(port -> endings.add(remove(id, port, STOPPED)));
        if (endings.isEmpty()) {
            view.enrollments().of(id).forEach(enrollment -> endings.add(new RecordLeft(id, enrollment, STOPPED)));
        }
        return endings;
    }

    @Override
    public List<PlannedStep> ofUnheard(ContainerId id) {
        List<PlannedStep> endings = new ArrayList<>();
        if (!view.isListed(Source.OVSDB)) {
            return endings;
        }
        List<Port> ports = view.portsOf(id);
        ports.stream()
                .filter(port -> view.linkOf(port).isEmpty() && !isRenamed(id, port))
                .forEach(port -> endings.add(remove(id, port, LINK_GONE)));
        if (ports.isEmpty()) {
            view.enrollments().of(id).stream()
                    .filter(enrollment -> view.link(enrollment.index()).isEmpty())
                    .forEach(enrollment -> endings.add(new RecordLeft(id, enrollment, LINK_GONE)));
        }
        return endings;
    }

    /** Returns whether the enrolment of a port is of this boot, and its link is there under another name. */
    private boolean isRenamed(ContainerId id, Port port) {
        PortOwner marks = view.marksOf(port).orElseThrow();
        return view.link(marks.link()).isPresent()
                && view.enrollments()
                        .of(id, marks.link())
                        .filter(enrollment -> enrollment.id().equals(marks.enrollment()))
                        .isPresent();
    }

    @Override
    public List<PlannedStep> ofGoneLinks(ContainerId id, Set<Integer> present) {
        List<PlannedStep> endings = new ArrayList<>();
        if (!view.isListed(Source.OVSDB)) {
            return endings;
        }
        Set<String> standing = new HashSet<>();
        for (Port port : view.portsOf(id)) {
            PortOwner marks = view.marksOf(port).orElseThrow();
            if (!present.contains(marks.link()) && view.linkOf(port).isEmpty()) {
                endings.add(remove(id, port, LINK_GONE));
            }
            standing.add(marks.enrollment());
        }
        if (endings.isEmpty()) {
            view.enrollments().of(id).stream()
                    .filter(enrollment -> !present.contains(enrollment.index()) && !standing.contains(enrollment.id()))
                    .forEach(enrollment -> endings.add(new RecordLeft(id, enrollment, LINK_GONE)));
        }
        return endings;
    }

    private RemovePort remove(ContainerId id, Port port, String reason) {
        return new RemovePort(id, port, view.marksOf(port).orElseThrow().enrollment(), reason);
    }
}
