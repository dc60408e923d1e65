// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.NetlinkAttributes;

/** Reads one message about an address (RTM_NEWADDR). It ignores messages that are cut off or not valid. */
final class ListedAddressReader {
    static final int RTM_NEWADDR = 20;
    static final int HEADER_BYTES = 8;

    private static final long FOR_EVER = 0xffff_ffffL;

    private final IpFamily family;
    private final int prefix;
    private final int scope;
    private final int index;
    private int flags;
    private Optional<String> address = Optional.empty();
    private Optional<String> local = Optional.empty();
    private Optional<String> broadcast = Optional.empty();
    private String label = "";
    private int protocol;
    private Optional<Long> validS = Optional.empty();
    private Optional<Long> preferredS = Optional.empty();
    private Optional<Long> routeMetric = Optional.empty();

    private ListedAddressReader(IpFamily family, ByteBuffer payload) {
        this.family = family;
        prefix = payload.get(1) & 0xff;
        flags = payload.get(2) & 0xff;
        scope = payload.get(3) & 0xff;
        index = payload.getInt(4);
        NetlinkAttributes attributes = NetlinkAttributes.of(payload, HEADER_BYTES);
        while (attributes.next()) {
            take(attributes);
        }
    }

    /** Returns the address that the message is about; empty if it is about something else, another family, or cut off. */
    static Optional<ListedAddress> read(IpFamily family, int type, ByteBuffer payload) {
        if (type != RTM_NEWADDR || payload.limit() < HEADER_BYTES || payload.get(0) != family.number()) {
            return Optional.empty();
        }
        return new ListedAddressReader(family, payload).address();
    }

    private void take(NetlinkAttributes value) {
        switch (value.type()) {
            case AddressAttribute.ADDRESS -> address = AttributeValues.address(value, family);
            case AddressAttribute.LOCAL -> local = AttributeValues.address(value, family);
            case AddressAttribute.BROADCAST -> broadcast = AttributeValues.address(value, family);
            case AddressAttribute.LABEL -> label = value.text();
            case AddressAttribute.FLAGS -> flags = value.number(flags);
            case AddressAttribute.RT_PRIORITY -> routeMetric = AttributeValues.unsignedInt(value);
            case AddressAttribute.PROTO ->
                protocol = AttributeValues.unsignedByte(value).orElse(0);
            case AddressAttribute.CACHEINFO -> takeLifetimes(AttributeValues.structure(value));
            default -> {
                // Nothing else concerns a listing.
            }
        }
    }

    /** {@code struct ifa_cacheinfo}. */
    private void takeLifetimes(ByteBuffer lifetimes) {
        if (lifetimes.limit() >= 2 * Integer.BYTES) {
            preferredS = seconds(lifetimes.getInt(0));
            validS = seconds(lifetimes.getInt(Integer.BYTES));
        }
    }

    private static Optional<Long> seconds(int value) {
        return Optional.of(Integer.toUnsignedLong(value)).filter(seconds -> seconds != FOR_EVER);
    }

    private Optional<ListedAddress> address() {
        // IPv6 sends no IFA_LOCAL unless there is a peer.
        Optional<String> own = local.or(() -> address);
        if (index <= 0 || own.isEmpty() || prefix > family.prefixMax()) {
            return Optional.empty();
        }
        return Optional.of(new ListedAddress(
                index,
                family,
                own.get(),
                prefix,
                address.filter(other -> !other.equals(own.get())),
                broadcast,
                label,
                scope,
                flags,
                protocol,
                validS,
                preferredS,
                routeMetric));
    }
}
