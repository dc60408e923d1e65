// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.util.Optional;

/**
 * An address of a link (RTM_NEWADDR, {@code linux/if_addr.h}).
 *
 * @param index the link
 * @param family the family
 * @param address the link's own address
 * @param prefix the length of its network's prefix
 * @param peer the address at the other end, if the address is one of two ends
 * @param broadcast the broadcast address, if there is one
 * @param label the name under which ifconfig shows it, or empty
 * @param scope RT_SCOPE_*
 * @param flags IFA_F_*
 * @param protocol IFAPROT_* (Linux 5.18): which part of the kernel or which program made it; 0 if that is not known
 * @param validS how many seconds it is still valid; empty if for ever
 * @param preferredS how many seconds it may still be used for new connections; empty if for ever
 * @param routeMetric the metric of the route to its network that the kernel makes; empty for the kernel's default
 */
public record ListedAddress(
        int index,
        IpFamily family,
        String address,
        int prefix,
        Optional<String> peer,
        Optional<String> broadcast,
        String label,
        int scope,
        int flags,
        int protocol,
        Optional<Long> validS,
        Optional<Long> preferredS,
        Optional<Long> routeMetric) {}
