// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Map;
import java.util.Optional;

/**
 * What the desired state says of a container. No secrets.
 *
 * @param veth the name that its first link is to have, if the desired state gives one
 * @param bridge the bridge, if the desired state gives one; empty text for none
 * @param properties what else it says, as text
 * @param inMesh whether the container is to be in a mesh
 */
public record WantedContainer(
        Optional<String> veth, Optional<String> bridge, Map<String, String> properties, boolean inMesh) {
    /** Nothing is said of it. */
    public static final WantedContainer UNNAMED =
            new WantedContainer(Optional.empty(), Optional.empty(), Map.of(), false);

    public WantedContainer {
        properties = Map.copyOf(properties);
    }
}
