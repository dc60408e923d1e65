// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.function.Consumer;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.StepHandlers;
import org.opdbus.verticles.enroll.bridge.plan.AddressStep.AssignAddress;
import org.opdbus.verticles.enroll.bridge.plan.AddressStep.ClearAddress;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AbsorbPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AdoptPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AttachPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.DetachPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.MovePort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RemovePort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RetagPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.StampEntry;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.SwapPort;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDetached;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDrift;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordEnrolled;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordLeft;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordLost;
import org.opdbus.verticles.view.HostView;

/** Carries out the steps of this package, and publishes as facts what it did and learned. Confined to one context. */
public final class BridgeHandler {
    private final PortHandler ports;
    private final AddressHandler addresses;
    private final RecordHandler records;

    /**
     * Creates a handler that answers on this context.
     *
     * @param facts receives the results of the steps
     */
    public BridgeHandler(Consumer<Event> facts, HostView view, BridgeEdges edges, Scheduler context) {
        SecondLook secondLook = new SecondLook(view, edges, context);
        ports = new PortHandler(facts, view, edges.ports(), secondLook, context);
        addresses = new AddressHandler(facts, view, edges.addresses(), context);
        records = new RecordHandler(facts, view, secondLook);
    }

    /** Registers the handlers of this package's steps, until the registration is disposed of. */
    public Disposable handle(StepHandlers steps) {
        return new CompositeDisposable(
                steps.handle(AttachPort.class, ports::attach),
                steps.handle(AdoptPort.class, ports::adopt),
                steps.handle(SwapPort.class, ports::swap),
                steps.handle(AbsorbPort.class, ports::absorb),
                steps.handle(RetagPort.class, ports::retag),
                steps.handle(MovePort.class, ports::move),
                steps.handle(DetachPort.class, ports::detach),
                steps.handle(StampEntry.class, ports::stamp),
                steps.handle(RemovePort.class, ports::remove),
                steps.handle(AssignAddress.class, addresses::assign),
                steps.handle(ClearAddress.class, addresses::clear),
                steps.handle(RecordEnrolled.class, records::enrolled),
                steps.handle(RecordLost.class, records::lost),
                steps.handle(RecordLeft.class, records::left),
                steps.handle(RecordDetached.class, records::detached),
                steps.handle(RecordDrift.class, records::drift));
    }
}
