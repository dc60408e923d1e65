// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

/** Says why a caller does not get a capture. The message is for the caller and says what to do. */
final class RefusedCapture extends RuntimeException {
    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;

    private static final long serialVersionUID = 1;

    private final int status;

    RefusedCapture(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Returns the status of HTTP. */
    int status() {
        return status;
    }
}
