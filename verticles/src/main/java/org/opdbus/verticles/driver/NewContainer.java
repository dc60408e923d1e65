// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import org.opdbus.config.state.ContainerProperties;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;

/**
 * A container to create.
 *
 * @param id its name; the id of a state file, which is stricter than LXC's
 * @param hostLink the name of its first link on the host; Proxmox uses its own
 * @param bridge the bridge, empty for none. Proxmox attaches the link at every start; with LXC the agent does, so
 * that a start does not wait for Open vSwitch
 * @param properties the rest
 */
public record NewContainer(ContainerId id, LinkName hostLink, String bridge, ContainerProperties properties) {}
