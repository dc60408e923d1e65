// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import org.opdbus.verticles.bus.ContainerStep;
import org.opdbus.verticles.view.HostView;

/** A step whose effect the view of the host shows. The router begins the next step for the same subject after that. */
public interface PlannedStep extends ContainerStep {
    /** Returns the subject of this step. Steps for different subjects do not wait for one another. */
    Subject subject();

    /**
     * Returns whether the view shows the effect of the step and what the handler learned, or shows that the subject has gone.
     * Until then the facts that follow from the step are still on their way. They may come before or after the step's answer.
     */
    boolean shows(HostView view);
}
