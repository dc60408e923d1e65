// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.netlink.NetlinkListing;

/** Keeps the first items of a listing and counts the others, without reading them further. */
final class LimitedVisitor<T> implements NetlinkListing.Visitor {
    /** Reads one message. */
    @FunctionalInterface
    interface MessageReader<T> {
        /** Returns the content of a message; empty if it has none of this kind. */
        Optional<T> read(int type, ByteBuffer payload);
    }

    private final int itemsMax;
    private final MessageReader<T> reader;
    private final List<T> items = new ArrayList<>();
    private long leftOut;

    LimitedVisitor(int itemsMax, MessageReader<T> reader) {
        this.itemsMax = itemsMax;
        this.reader = reader;
    }

    @Override
    public void visit(int type, ByteBuffer payload) {
        if (items.size() < itemsMax) {
            reader.read(type, payload).ifPresent(items::add);
        } else {
            leftOut++;
        }
    }

    static <T> Listed<T> listed(NetlinkListing.Result<LimitedVisitor<T>> result) {
        return new Listed<>(result.visitor().items, result.visitor().leftOut, result.isConsistent());
    }
}
