// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

/** Bytes or values that do not follow the specification. The message names the rule and never quotes the bytes. */
public final class MalformedMessageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    MalformedMessageException(String message) {
        super(message);
    }
}
