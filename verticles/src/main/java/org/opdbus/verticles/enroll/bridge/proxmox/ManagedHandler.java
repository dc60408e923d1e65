// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.Link;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.events.ProxmoxEvent.ProxmoxConfigured;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.events.StateEvent.ContainerChanged;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.edges.ConfigurationCheck;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.EndManaged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.LimitPort;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.PlugManaged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.RecordChanged;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedStep.RetractPort;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.ProxmoxPicture;

/**
 * Carries out the steps for links that Proxmox manages. It reads the configuration and asks the kernel again right before each
 * change, and changes nothing unless both still agree with the plan.
 *
 * <p>Confined to one context, on which it also handles the answers of the edges.
 */
final class ManagedHandler {
    private final Bus bus;
    private final HostView view;
    private final ManagedEdges edges;
    private final Scheduler context;

    ManagedHandler(Bus bus, HostView view, ManagedEdges edges, Scheduler context) {
        this.bus = bus;
        this.view = view;
        this.edges = edges;
        this.context = context;
    }

    /** Makes the link a port, but only if Proxmox still configures exactly this port and nothing else holds the link. */
    Completable plug(PlugManaged step) {
        Optional<ProxmoxNet> wanted = Optional.of(step.net());
        return bar(step.container(), step.link(), step.net().number())
                .flatMapCompletable(now -> now.net().equals(wanted)
                                && now.refusal().isEmpty()
                        ? bus.send(step.attach())
                        : Completable.error(new StepException(
                                StepException.Reason.STALE,
                                "link " + step.about() + " is not plugged: Proxmox has changed its configuration")));
    }

    Completable limit(LimitPort step) {
        PolicingLimit limit = step.limit();
        return edges.ports().limit(step.port(), limit.ids(), limit.columns()).observeOn(context);
    }

    Completable retract(RetractPort step) {
        return stillBarred(step)
                .andThen(edges.ports().remove(step.port()))
                .observeOn(context)
                .andThen(Completable.fromAction(() -> left(
                        step, step.enrollment(), step.port().name(), step.port().bridge(), step.reason())));
    }

    Completable end(EndManaged step) {
        Enrollment enrollment = step.enrollment();
        return stillBarred(step)
                .andThen(edges.ports().caughtUp())
                .observeOn(context)
                .andThen(Completable.fromAction(() -> {
                    if (view.portNamed(enrollment.port()).isEmpty()) {
                        left(step, enrollment.id(), enrollment.port(), enrollment.bridge(), step.reason());
                    }
                }));
    }

    private void left(ManagedStep step, String enrollment, String port, String bridge, String reason) {
        boolean recovered = !view.enrollments().isKnown(step.container(), enrollment);
        bus.publish(new ContainerLeft(step.container(), enrollment, port, bridge, reason, recovered));
    }

    Completable changed(RecordChanged step) {
        return Completable.fromAction(() -> {
            bus.publish(new ContainerChanged(step.container(), step.changes()));
            bus.publish(step.fact());
        });
    }

    private Completable stillBarred(ManagedStep step) {
        int number = ProxmoxPicture.numberOf(step.about()).orElse(0);
        return bar(step.container(), step.link(), number)
                .flatMapCompletable(now -> now.refusal().isPresent()
                        ? Completable.complete()
                        : Completable.error(new StepException(
                                StepException.Reason.STALE,
                                "link " + step.about() + " is left as it is: Proxmox does not bar it any more")));
    }

    /** The answers of Proxmox's configuration and the kernel. */
    private record Found(ProxmoxEvent read, Link link) {}

    /** The present configuration, and the reason why the link must not be a port, if there is one. */
    private record Now(Optional<ProxmoxNet> net, Optional<Outcome.Refuse> refusal) {}

    private Single<Now> bar(ContainerId container, Link link, int number) {
        ConfigurationCheck check = edges.configurations().orElseThrow();
        return Single.zip(
                        check.read(container),
                        edges.links().find(link.index()),
                        (read, found) -> found.filter(now -> now.name().equals(link.name()))
                                .map(now -> new Found(read, now))
                                .orElseThrow(() -> new StepException(
                                        StepException.Reason.STALE, "link " + link.name() + " has gone")))
                .observeOn(context)
                .map(found -> now(found.read(), found.link(), number));
    }

    private Now now(ProxmoxEvent read, Link link, int number) {
        Optional<ProxmoxNet> net = read instanceof ProxmoxConfigured configured
                ? configured.nets().stream().filter(it -> it.number() == number).findFirst()
                : Optional.empty();
        return new Now(net, net.flatMap(it -> ProxmoxBar.of(view, link, it)));
    }
}
