// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.InnerLink;
import org.opdbus.events.Link;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Subject;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;

/** What is done to the static address of a container's first link. Each may be done again without harm. */
public sealed interface AddressStep extends PlannedStep {
    /** The host's end, as it was when this was decided. */
    Link link();

    /** The init of the container. */
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
    record AssignAddress(ContainerId container, Link link, InnerLink inner, long initPid, StaticAddress address)
            implements AddressStep {
        @Override
        public boolean shows(HostView view) {
            return running(view)
                    .map(now -> now.addressOf(link.index()).equals(Optional.of(address)))
                    .orElse(true);
        }
    }

    /** Takes away inside the container the static address that was asked for earlier. */
    record ClearAddress(ContainerId container, Link link, InnerLink inner, long initPid, StaticAddress address)
            implements AddressStep {
        @Override
        public boolean shows(HostView view) {
            return running(view).map(now -> now.isCleared(link.index())).orElse(true);
        }
    }

    /** The container, if it still runs with this init and the link is still there. */
    default Optional<ContainerView> running(HostView view) {
        return view.container(container())
                .filter(now ->
                        now.isRunning(initPid()) && view.link(link().index()).isPresent());
    }
}
