// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

/** A step of a move that failed. The message says what failed and why, for people. */
public final class UplinkFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UplinkFailure(String message) {
        super(message);
    }

    public UplinkFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
