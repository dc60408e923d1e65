// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The number of a node: its kind in the upper bits, and below it what finds the object that it shows.
 *
 * @param kind what the node shows
 * @param value what is needed to find it, depending on the kind
 */
record NodeNumber(Kind kind, long value) {
    private static final int KIND_SHIFT = 56;
    private static final int PART_BITS = 8;
    private static final int LINK_BITS = 31;

    /** The part of a row that is its folder. */
    static final int FOLDER = 0;
    /** The part of a row for its first column. */
    static final int FIRST_COLUMN = 1;
    /** The part of a row that is its identifier. */
    static final int UUID = 254;
    /** The part of a row that is the file of all columns. */
    static final int WHOLE = 255;

    /** What a node shows. */
    enum Kind {
        /** A node that there is once; the value is one of {@link FixedNode}. */
        FIXED(0),
        /** A folder or file of a row: the serial number of the row, and the part. */
        BRIDGE(1),
        PORT(2),
        INTERFACE(3),
        MIRROR(4),
        /** A name of a row: the serial number of the row. */
        BRIDGE_NAME(5),
        PORT_NAME(6),
        INTERFACE_NAME(7),
        /** An alias: its number. */
        ALIAS(8),
        /** A folder or file of a container: its number, and the part. */
        CONTAINER(9),
        /** A link of a container: the number of the container, and the index of the link. */
        CONTAINER_LINK(10),
        /** The folder of a guest of Proxmox: its number. */
        GUEST(11),
        /** A link of a guest: the serial number of its interface. */
        GUEST_LINK(12),
        /** What is known of a link of a guest: the serial number of its interface. */
        GUEST_CONF(13),
        /** An entry of the ledger: its height. */
        ENTRY(14);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    private static final Map<Integer, Kind> KINDS =
            Stream.of(Kind.values()).collect(Collectors.toUnmodifiableMap(kind -> kind.code, Function.identity()));

    /** Returns the parts of a number; those of no node if the number can be none. */
    static NodeNumber of(long id) {
        Kind kind = KINDS.get((int) (id >>> KIND_SHIFT));
        return kind == null ? new NodeNumber(Kind.FIXED, 0) : new NodeNumber(kind, id & ((1L << KIND_SHIFT) - 1));
    }

    static long id(Kind kind, long value) {
        return (long) kind.code << KIND_SHIFT | value;
    }

    /** Returns the number of a part of an object that has a number itself. */
    static long part(Kind kind, int object, int part) {
        return id(kind, (long) object << PART_BITS | part);
    }

    static long link(int container, int index) {
        return id(Kind.CONTAINER_LINK, (long) container << LINK_BITS | index);
    }

    int part() {
        return (int) value & ((1 << PART_BITS) - 1);
    }

    /** Returns the object of which this is a part. */
    int object() {
        return (int) (value >>> PART_BITS);
    }

    int containerOfLink() {
        return (int) (value >>> LINK_BITS);
    }

    int linkIndex() {
        return (int) value & Integer.MAX_VALUE;
    }
}
