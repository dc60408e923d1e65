// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import java.util.Map;
import org.opdbus.verticles.lab.definition.LabDefinition;

/**
 * What faces show of a lab: what it shall be, and what is there.
 *
 * @param running whether a caller wants it to run
 * @param settled whether everything is as the definition says
 * @param trouble what is not, with its reason, by the name of the item, endpoint or LAN
 */
public record LabStatus(
        LabDefinition definition, boolean running, boolean settled, LabPicture picture, Map<String, String> trouble) {
    public LabStatus {
        trouble = Map.copyOf(trouble);
    }
}
