// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.NetlinkAttributes;

/** Values of attributes that are not a whole number of 32 bits or a text. A value of another length is empty. */
final class AttributeValues {
    private AttributeValues() {}

    /** Returns the text of an address of this family. */
    static Optional<String> address(NetlinkAttributes attribute, IpFamily family) {
        return attribute.length() == family.addressBytes()
                ? Optional.of(IpText.of(attribute.value()))
                : Optional.empty();
    }

    /** Returns a number without a sign of 32 bits. */
    static Optional<Long> unsignedInt(NetlinkAttributes attribute) {
        return attribute.length() == Integer.BYTES
                ? Optional.of(Integer.toUnsignedLong(attribute.number(0)))
                : Optional.empty();
    }

    /** Returns a number without a sign of 16 bits, in the machine's order or the network's. */
    static Optional<Integer> unsignedShort(NetlinkAttributes attribute, boolean isNetworkOrder) {
        return attribute.length() == Short.BYTES
                ? Optional.of(
                        Short.toUnsignedInt(bytes(attribute, isNetworkOrder).getShort(0)))
                : Optional.empty();
    }

    /** Returns a number without a sign of 8 bits. */
    static Optional<Integer> unsignedByte(NetlinkAttributes attribute) {
        return attribute.length() == 1 ? Optional.of(attribute.value()[0] & 0xff) : Optional.empty();
    }

    /** Returns the bytes of a structure. */
    static ByteBuffer structure(NetlinkAttributes attribute) {
        return bytes(attribute, false);
    }

    private static ByteBuffer bytes(NetlinkAttributes attribute, boolean isNetworkOrder) {
        return ByteBuffer.wrap(attribute.value())
                .order(isNetworkOrder ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder());
    }
}
