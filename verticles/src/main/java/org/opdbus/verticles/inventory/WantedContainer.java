// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Map;
import java.util.Optional;

/**
 * The desired state of a container, without secrets.
 *
 * @param veth the name that its first link should have, if the desired state gives one
 * @param bridge the bridge, if the desired state gives one; empty text for none
 * @param properties the other properties, as text
 * @param inMesh whether the container should be in a mesh
 */
public record WantedContainer(
        Optional<String> veth, Optional<String> bridge, Map<String, String> properties, boolean inMesh) {
    /** The desired state does not name the container. */
    public static final WantedContainer UNNAMED =
            new WantedContainer(Optional.empty(), Optional.empty(), Map.of(), false);

    public WantedContainer {
        properties = Map.copyOf(properties);
    }
}
