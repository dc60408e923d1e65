// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.events.ContainerId;

/**
 * The configuration of a container.
 *
 * @param hostLink the name that its first link gets on the host at its start, if that is configured
 * @param bridge the bridge to which the host's own tools attach its first link; empty for none
 * @param firewalled whether Proxmox's firewall stands between the link and the bridge ({@code firewall=1}); the agent
 * must not attach such a link, because that would bypass the firewall
 * @param properties by the keys and in the types of the state file, as far as a driver knows them; values that a
 * state file could not hold are returned unchanged
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
