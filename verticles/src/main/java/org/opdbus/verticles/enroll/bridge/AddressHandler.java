// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import java.util.function.Consumer;
import org.opdbus.events.AnswerEvent.AddressCleared;
import org.opdbus.events.AnswerEvent.AddressKept;
import org.opdbus.events.EnrollmentEvent.AddressAssigned;
import org.opdbus.events.Event;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.enroll.bridge.BridgeEdges.AddressWork;
import org.opdbus.verticles.enroll.bridge.plan.AddressStep.AssignAddress;
import org.opdbus.verticles.enroll.bridge.plan.AddressStep.ClearAddress;
import org.opdbus.verticles.view.HostView;

/** Sets and clears static addresses inside containers. Confined to one context. */
final class AddressHandler {
    private final Consumer<Event> facts;
    private final HostView view;
    private final AddressWork addresses;
    private final Scheduler context;

    AddressHandler(Consumer<Event> facts, HostView view, AddressWork addresses, Scheduler context) {
        this.facts = facts;
        this.view = view;
        this.addresses = addresses;
        this.context = context;
    }

    Completable assign(AssignAddress step) {
        return addresses
                .assigner()
                .assign(step.link(), step.inner(), step.initPid(), step.address())
                .observeOn(context)
                .doOnSuccess(changed -> assigned(step, changed))
                .ignoreElement();
    }

    private void assigned(AssignAddress step, boolean changed) {
        StaticAddress address = step.address();
        int index = step.link().index();
        boolean known = view.container(step.container())
                .flatMap(container -> container.addressOf(index))
                .isPresent();
        facts.accept(new AddressKept(step.container(), step.initPid(), index, address));
        // After a restart the agent finds the address that it set earlier; that is no change.
        if (changed || known) {
            facts.accept(new AddressAssigned(
                    step.container(),
                    step.inner().name(),
                    address.cidr(),
                    address.gateway().map(gateway -> gateway.getHostAddress())));
        }
    }

    Completable clear(ClearAddress step) {
        return addresses
                .remover()
                .unassign(step.link(), step.inner(), step.initPid(), step.address())
                .observeOn(context)
                .doOnComplete(() -> facts.accept(new AddressCleared(
                        step.container(), step.initPid(), step.link().index())));
    }
}
