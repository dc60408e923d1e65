// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.Map;

/**
 * A port that may be changed only while its row says that it is the caller's.
 *
 * @param portUuid the Port row
 * @param name its name, for messages
 * @param ids what its {@code external_ids} must contain for the change to be made; at least one
 */
public record PortOwnership(String portUuid, String name, Map<String, String> ids) {
    public PortOwnership {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("nothing says that the port " + name + " is the caller's");
        }
        ids = Map.copyOf(ids);
    }
}
