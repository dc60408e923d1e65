// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/**
 * A container that LXC knows.
 *
 * @param id its name
 * @param lxcPath the folder that holds its definition, {@code /var/lib/lxc} for most
 */
public record Container(ContainerId id, String lxcPath) {}
