// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.edges.NewPort;
import org.opdbus.verticles.edges.PortWork;
import org.opdbus.verticles.enroll.bridge.plan.PortStep;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AbsorbPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AdoptPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AttachPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.DetachPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.MovePort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RemovePort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RetagPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.StampEntry;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.SwapPort;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/**
 * Carries out the steps that change ports, each as one guarded transaction of Open vSwitch's database.
 *
 * <p>Confined to one context, on which it also handles the database's answers.
 */
public final class PortHandler {
    static final String DETACHED = "it is to be attached to nothing";

    private final Consumer<Event> facts;
    private final HostView view;
    private final PortWork ports;
    private final SecondLook secondLook;
    private final Scheduler context;

    PortHandler(Consumer<Event> facts, HostView view, PortWork ports, SecondLook secondLook, Scheduler context) {
        this.facts = facts;
        this.view = view;
        this.ports = ports;
        this.secondLook = secondLook;
        this.context = context;
    }

    /** Makes a link a port of a bridge. */
    public Completable attach(AttachPort step) {
        PortOwner marks = newMarks(step, PortMaker.AGENT);
        return ports.attach(new NewPort(
                        step.bridge(),
                        step.port(),
                        step.settings(),
                        marks.toExternalIds(),
                        interfaceIds(step.container(), step.inner()),
                        Set.copyOf(step.formerNames())))
                .observeOn(context);
    }

    /** Returns the external_ids that other tools expect on an interface (Open vSwitch's integration guide). */
    private static Map<String, String> interfaceIds(ContainerId container, Link.Inner inner) {
        Map<String, String> ids = new HashMap<>();
        ids.put("iface-id", container + "/" + inner.name());
        ids.put("iface-status", "active");
        ids.put("vm-id", container.value());
        // That of a card which was plugged into a running machine is not known.
        if (!inner.mac().isEmpty()) {
            ids.put("attached-mac", inner.mac());
        }
        return ids;
    }

    /** Marks a port, unless another link has the port's name by now. */
    Completable adopt(AdoptPort step) {
        PortOwner marks = newMarks(step, PortMaker.OTHER);
        return secondLook.ifHolds(secondLook.bearsOut(step), step, ports.mark(step.port(), marks.toExternalIds()));
    }

    /**
     * Absorbs the second row and gives our row the id of a new enrolment, even if the row's present enrolment is not recorded
     * yet. With the same id the new VLAN would look like a drift from the enrolment that is recorded in between.
     */
    Completable absorb(AbsorbPort step) {
        PortOwner marks = view.marksOf(step.port())
                .map(now -> marks(step, view.enrollments().after(now.enrollment()), PortMaker.AGENT))
                .orElseGet(() -> newMarks(step, PortMaker.AGENT));
        return secondLook.ifHolds(
                secondLook.isFree(step.late()), step, ports.absorb(step.late(), step.port(), marks.toExternalIds()));
    }

    private PortOwner newMarks(PortStep.OfLink step, PortMaker maker) {
        ContainerId id = step.container();
        int index = step.link().index();
        long initPid = view.container(id)
                .map(ContainerView::initPid)
                .flatMap(pid -> pid.isPresent() ? Optional.of(pid.getAsLong()) : Optional.empty())
                .orElse(0L);
        return marks(step, view.enrollments().next(id, index, initPid), maker);
    }

    private PortOwner marks(PortStep.OfLink step, String enrollment, PortMaker maker) {
        return new PortOwner(
                view.owner(), step.container(), step.link().index(), enrollment, Optional.of(maker), Optional.empty());
    }

    /** Replaces a port with a port of another name. */
    Completable swap(SwapPort step) {
        return ports.swap(step.port(), step.to(), step.bridge(), interfaceIds(step.container(), step.inner()))
                .observeOn(context);
    }

    /** Sets the access VLAN. */
    Completable retag(RetagPort step) {
        return ports.retag(step.port(), step.vlan()).observeOn(context);
    }

    /** Moves the port to another bridge. */
    Completable move(MovePort step) {
        return ports.move(step.port(), step.bridge()).observeOn(context);
    }

    /** Writes the height of the ledger entry on the port. */
    Completable stamp(StampEntry step) {
        return ports.mark(step.port(), Map.of(PortOwner.ENTRY, Long.toString(step.height())))
                .observeOn(context);
    }

    /** Removes a port. The answer follows every earlier update, so the view knows a row that has replaced the removed one. */
    Completable remove(RemovePort step) {
        return secondLook
                .ifHolds(secondLook.bearsOut(step), step, ports.remove(step.port()))
                .andThen(Completable.fromAction(
                        () -> removed(step.container(), step.port(), step.enrollment(), step.reason())));
    }

    /** Takes a link off its bridge. */
    Completable detach(DetachPort step) {
        return ports.remove(step.port())
                .observeOn(context)
                .andThen(Completable.fromAction(
                        () -> removed(step.container(), step.port(), step.enrollment(), DETACHED)));
    }

    private void removed(ContainerId container, Port removed, String enrollment, String reason) {
        boolean replaced = view.portsOf(container).stream()
                .filter(port -> !port.uuid().equals(removed.uuid()))
                .flatMap(port -> view.marksOf(port).stream())
                .anyMatch(other -> other.enrollment().equals(enrollment));
        if (!replaced) {
            facts.accept(new ContainerLeft(
                    container,
                    enrollment,
                    removed.name(),
                    removed.bridge(),
                    reason,
                    !view.enrollments().isKnown(container, enrollment)));
        }
    }
}
