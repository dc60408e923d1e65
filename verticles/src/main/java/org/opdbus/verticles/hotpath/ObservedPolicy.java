// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.hotpath;

import org.opdbus.events.ContainerId;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Policy;
import org.opdbus.verticles.view.HostView;

/**
 * The desired state as a process that only observes the host sees it. The agent can have been given another desired state after
 * this process began. A port with the agent's marks then says that the agent wants the container enrolled.
 */
final class ObservedPolicy implements Policy {
    private final HostView view;
    private final Policy atStart;

    /**
     * Creates the policy.
     *
     * @param atStart the desired state when this process began
     */
    ObservedPolicy(HostView view, Policy atStart) {
        this.view = view;
        this.atStart = atStart;
    }

    @Override
    public Intent intentFor(ContainerId id) {
        Intent wanted = atStart.intentFor(id);
        return wanted.enroll()
                ? wanted
                : view.portsOf(id).stream()
                        .findFirst()
                        .map(port -> Intent.automatic(port.bridge(), Naming.OFF))
                        .orElse(wanted);
    }
}
