// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.vertx.core.Context;
import java.util.Map;
import java.util.function.Consumer;
import org.opdbus.events.LabEvent;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.space.LabSpace;

/**
 * What the labs are joined to.
 *
 * @param loop the event loop that the connections to the labs' databases are on
 * @param machines what starts machines, by the {@linkplain org.opdbus.verticles.lab.definition.LabMachine#word() word} of their kind
 * @param facts takes what is told, on any thread
 */
public record LabParts(
        Context loop,
        LabFolders folders,
        LabStore store,
        LabSpace space,
        Map<String, LabMachines> machines,
        Consumer<LabEvent> facts) {
    public LabParts {
        machines = Map.copyOf(machines);
    }
}
