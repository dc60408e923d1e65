// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.util.Optional;

/** The fields of a message's header (section "Header Fields"). Each has its code on the wire. */
enum HeaderField {
    PATH(1, 'o'),
    INTERFACE(2, 's'),
    MEMBER(3, 's'),
    ERROR_NAME(4, 's'),
    REPLY_SERIAL(5, 'u'),
    DESTINATION(6, 's'),
    SENDER(7, 's'),
    SIGNATURE(8, 'g'),
    UNIX_FDS(9, 'u');

    private static final HeaderField[] ALL = values();

    private final int code;
    private final char type;

    HeaderField(int code, char type) {
        this.code = code;
        this.type = type;
    }

    int code() {
        return code;
    }

    /** Returns the signature of the field's value. */
    String signature() {
        return String.valueOf(type);
    }

    /** Returns the field with a code; empty for a code of a later version, which a reader must ignore. */
    static Optional<HeaderField> of(int code) {
        return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
    }
}
