// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

/** Says that a capture cannot begin or go on. The message is for the user and says what to do. */
public final class CaptureFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    CaptureFailure(String message) {
        super(message);
    }

    CaptureFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
