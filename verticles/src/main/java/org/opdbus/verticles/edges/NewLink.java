// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import java.util.Optional;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;

/**
 * A link to make for a container.
 *
 * @param outer the name of the host's end
 * @param inner the name of the container's end
 * @param mac the hardware address of the container's end, {@code aa:bb:cc:dd:ee:ff}
 * @param mtu the MTU of both ends; empty for the kernel's default
 * @param address the address of the container's end
 * @param finishesChecksums whether the container is to finish the checksums of what it sends through the link
 */
public record NewLink(
        LinkName outer,
        LinkName inner,
        String mac,
        Optional<Integer> mtu,
        Optional<StaticAddress> address,
        boolean finishesChecksums) {}
