// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;

/** A step for the static address of a container's first link. A handler may repeat each of them without harm. */
public sealed interface AddressStep extends PlannedStep {
    /** Returns the host's end as the view showed it when the rule decided. */
    Link link();

    /** Returns the process id of the container's init. */
    long initPid();

    @Override
    default String about() {
        return link().name().value();
    }

    @Override
    default Subject subject() {
        return Subject.link(link().index());
    }

    /** Sets the static address inside the container. */
    record AssignAddress(ContainerId container, Link link, Link.Inner inner, long initPid, StaticAddress address)
            implements AddressStep {
        @Override
        public boolean shows(HostView view) {
            return running(view)
                    .map(now -> now.addressOf(link.index()).equals(Optional.of(address)))
                    .orElse(true);
        }
    }

    /** Removes inside the container the static address that the desired state had earlier. */
    record ClearAddress(ContainerId container, Link link, Link.Inner inner, long initPid, StaticAddress address)
            implements AddressStep {
        @Override
        public boolean shows(HostView view) {
            return running(view).map(now -> now.isCleared(link.index())).orElse(true);
        }
    }

    /** Returns the container if it still runs with this init and the link still exists. */
    default Optional<ContainerView> running(HostView view) {
        return view.container(container())
                .filter(now ->
                        now.isRunning(initPid()) && view.link(link().index()).isPresent());
    }
}
