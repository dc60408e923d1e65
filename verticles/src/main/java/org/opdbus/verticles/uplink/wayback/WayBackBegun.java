// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

/** The way back of a move was begun, so that no further step may be carried out. */
public final class WayBackBegun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WayBackBegun(String message) {
        super(message);
    }
}
