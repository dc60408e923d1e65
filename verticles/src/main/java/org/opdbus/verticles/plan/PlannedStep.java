// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import org.opdbus.verticles.bus.Step;
import org.opdbus.verticles.view.HostView;

/** A step whose effect can be seen in the picture of the host. A router begins the next step for the same subject after that. */
public interface PlannedStep extends Step {
    /** What this is done to. Steps that are done to different subjects do not wait for one another. */
    Subject subject();

    /**
     * Whether the picture shows what was done and what the handler learned, or shows that the subject has gone. Until then
     * the facts that follow from the step are still on their way, and may come before or after the step's answer.
     */
    boolean shows(HostView view);
}
