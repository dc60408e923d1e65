// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.util.Map;
import java.util.Optional;

/**
 * A container as the table {@code lxc} shows it.
 *
 * @param id its name
 * @param veth the name of its first link on this host, or that which the link would have
 * @param bridge the bridge that the link is, or would be, a port of; empty for none
 * @param properties what the desired state says of it; no secrets
 * @param state how its enrolment stands, in the words of {@code query}
 * @param error what stands in the way, if anything
 */
public record ContainerRow(
        String id,
        String veth,
        String bridge,
        boolean running,
        Map<String, String> properties,
        String state,
        Optional<String> error) {
    public ContainerRow {
        properties = Map.copyOf(properties);
    }
}
