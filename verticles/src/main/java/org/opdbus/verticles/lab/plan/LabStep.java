// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import java.util.List;
import org.opdbus.verticles.lab.definition.LabItem;

/** What is to be done next in a lab. Each step may be done again without harm. */
public sealed interface LabStep {
    /** The namespace and its Open vSwitch are made, or what is missing of them. */
    record EnsureSpace() implements LabStep {}

    /** A machine is started. */
    record StartMachine(LabItem item) implements LabStep {}

    /** A link is set up, and finishes the checksums of what it sends if that is needed. */
    record RaiseLink(String link) implements LabStep {}

    /** The rows of Open vSwitch are changed, in one transaction. */
    record ChangeSwitch(List<SwitchChange> changes) implements LabStep {
        public ChangeSwitch {
            changes = List.copyOf(changes);
        }
    }
}
