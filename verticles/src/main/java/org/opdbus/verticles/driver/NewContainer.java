// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import org.opdbus.config.state.ContainerProperties;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;

/**
 * A container to be created.
 *
 * @param id its name; an {@code op-dbus} state file's id, which is stricter than LXC
 * @param hostLink the name that its first link is to have on the host; Proxmox gives its own
 * @param bridge the bridge, empty for none. Proxmox attaches it at every start; with LXC the agent does, so that a start
 *     does not wait for Open vSwitch
 * @param properties the rest
 */
public record NewContainer(ContainerId id, LinkName hostLink, String bridge, ContainerProperties properties) {}
