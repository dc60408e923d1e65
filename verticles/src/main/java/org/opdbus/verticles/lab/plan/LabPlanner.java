// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.plan.LabPicture.LabLink;

/**
 * Says what a lab needs next. It is a pure function of the definition and the picture: no steps mean that nothing can be done at the
 * moment, and {@link LabTrouble} says what is still missing. A few rounds of plan, act and look bring any picture to the definition.
 */
public final class LabPlanner {
    private LabPlanner() {}

    /**
     * Returns the next steps; their order is that in which they are to be done.
     *
     * @param finishChecksums whether links must finish the checksums of what they send, as Open vSwitch in user space needs it
     */
    public static List<LabStep> plan(LabDefinition definition, LabPicture picture, boolean finishChecksums) {
        if (!picture.switchRuns()) {
            return List.of(new LabStep.EnsureSpace());
        }
        List<LabStep> steps = new ArrayList<>();
        for (LabItem item : definition.items().values()) {
            if (!picture.machines().containsKey(item.name())
                    || hasLostLink(item, picture)
                    || picture.hasOtherSettings(item)) {
                steps.add(new LabStep.StartMachine(item));
            }
            item.endpoints().forEach(endpoint -> {
                LabLink link = picture.links().get(item.portOf(endpoint));
                if (link != null && (!link.up() || (finishChecksums && !link.checksumsFinished()))) {
                    steps.add(new LabStep.RaiseLink(link.name()));
                }
                // Open vSwitch makes it, and leaves it down: a link that is down shows no frame.
                LabLink spy = picture.links().get(LabNames.spy(item.portOf(endpoint)));
                if (endpoint.spied() && spy != null && !spy.up()) {
                    steps.add(new LabStep.RaiseLink(spy.name()));
                }
            });
        }
        List<SwitchChange> changes = new SwitchPlan(definition, picture).changes();
        if (!changes.isEmpty()) {
            steps.add(new LabStep.ChangeSwitch(changes));
        }
        return steps;
    }

    /** A machine that runs has all its links; to start it again makes what is missing. */
    private static boolean hasLostLink(LabItem item, LabPicture picture) {
        return picture.machines().get(item.name()) == LabPicture.MachineState.RUNNING
                && item.endpoints().stream()
                        .anyMatch(endpoint -> !picture.links().containsKey(item.portOf(endpoint)));
    }
}
