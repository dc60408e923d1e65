// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.act;

/** Something in a lab could not be read or changed; it is tried again. */
public final class LabActFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LabActFailure(String why) {
        super(why);
    }

    LabActFailure(String why, Throwable cause) {
        super(why, cause);
    }
}
