// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

/** A request that does not have the form of the protocol. */
public final class MalformedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String message) {
        super(message, null, false, false);
    }
}
