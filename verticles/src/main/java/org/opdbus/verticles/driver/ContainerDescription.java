// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.events.ContainerId;

/**
 * What is configured for a container.
 *
 * @param hostLink the name that its first link is given on the host when it starts, if that is decided
 * @param bridge the bridge that its first link is attached to by the tools of the host themselves; empty for none
 * @param firewalled whether Proxmox's firewall stands between the link and the bridge ({@code firewall=1}); such a link
 *     is not ours to attach, or the container would be without it
 * @param properties by the keys and in the values of the state file, as far as a driver knows them; values that a state
 *     file could not hold are given as they are
 */
public record ContainerDescription(
        ContainerId id,
        Optional<String> hostLink,
        Optional<String> bridge,
        boolean firewalled,
        Map<String, Object> properties) {
    public ContainerDescription {
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }
}
