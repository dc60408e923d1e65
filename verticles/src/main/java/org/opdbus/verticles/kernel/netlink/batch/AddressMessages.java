// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.batch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.NetlinkBatch.Request;
import org.opdbus.verticles.kernel.netlink.listing.AddressAttribute;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;

/** Requests that give an address to a link, and take one from it (RTM_NEWADDR and RTM_DELADDR, {@code linux/if_addr.h}). */
public final class AddressMessages {
    /** No duplicate address detection: the address is usable at once (RFC 4862 section 5.4). */
    public static final int IFA_F_NODAD = 0x02;

    /** The kernel makes no route to the network of the address. */
    public static final int IFA_F_NOPREFIXROUTE = 0x200;

    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int NLM_F_REPLACE = 0x100;
    private static final int NLM_F_CREATE = 0x400;
    private static final int HEADER_BYTES = 8;
    private static final int IFA_F_HOMEADDRESS = 0x10;
    private static final int IFA_F_MANAGETEMPADDR = 0x100;
    private static final int IFA_F_MCAUTOJOIN = 0x400;
    /** The flags that a program can set; the kernel sets all others by itself. */
    private static final int KEPT_FLAGS =
            IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN;

    private static final int FOR_EVER = -1;
    private static final int LIFETIMES_BYTES = 16;

    private AddressMessages() {}

    /**
     * Where and how an address is added.
     *
     * @param index the link
     * @param label the label of an IPv4 address
     * @param moreFlags flags beside those that the address has
     * @param metric the metric of the route to its network, or 0 for the kernel's default
     */
    public record Placement(int index, String label, int moreFlags, long metric) {}

    /** Returns a request that adds an address, or gives one that is there the same lifetimes. */
    public static Request add(ListedAddress address, Placement placement) {
        MessageBody body = body(address, placement.index());
        address.broadcast().ifPresent(broadcast -> body.address(AddressAttribute.BROADCAST, broadcast));
        if (address.family() == IpFamily.IPV4 && !placement.label().isEmpty()) {
            body.attribute(AddressAttribute.LABEL, placement.label());
        }
        body.attribute(AddressAttribute.FLAGS, (address.flags() & KEPT_FLAGS) | placement.moreFlags());
        if (placement.metric() != 0) {
            body.attribute(AddressAttribute.RT_PRIORITY, (int) placement.metric());
        }
        if (address.protocol() != 0) {
            body.attribute(AddressAttribute.PROTO, (byte) address.protocol());
        }
        if (address.validS().isPresent() || address.preferredS().isPresent()) {
            body.attribute(AddressAttribute.CACHEINFO, lifetimes(address));
        }
        body.byteAt(3, address.scope());
        return new Request(
                RTM_NEWADDR,
                NLM_F_CREATE | NLM_F_REPLACE,
                body.done(),
                Set.of("EEXIST"),
                "give the address " + words(address) + " to link " + placement.index());
    }

    /** Returns a request that removes an address from a link. */
    public static Request remove(ListedAddress address, int index) {
        return new Request(
                RTM_DELADDR,
                0,
                body(address, index).done(),
                Set.of("EADDRNOTAVAIL", "ENODEV"),
                "remove the address " + words(address) + " from link " + index);
    }

    private static MessageBody body(ListedAddress address, int index) {
        return new MessageBody(HEADER_BYTES)
                .byteAt(0, address.family().number())
                .byteAt(1, address.prefix())
                .intAt(4, index)
                .address(AddressAttribute.LOCAL, address.address())
                .address(AddressAttribute.ADDRESS, address.peer().orElse(address.address()));
    }

    /** {@code struct ifa_cacheinfo}; the kernel refuses an address that is no longer valid. */
    private static byte[] lifetimes(ListedAddress address) {
        int valid = seconds(address.validS());
        return ByteBuffer.allocate(LIFETIMES_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(seconds(address.preferredS()))
                .putInt(valid == 0 ? 1 : valid)
                .array();
    }

    private static int seconds(Optional<Long> time) {
        return time.map(Long::intValue).orElse(FOR_EVER);
    }

    private static String words(ListedAddress address) {
        return address.address() + "/" + address.prefix();
    }
}
