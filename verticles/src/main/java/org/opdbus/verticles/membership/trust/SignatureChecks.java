// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.security.cert.X509Certificate;

/** Makes what checks many signatures of one key. Safe for use by any thread, like what it makes. */
public interface SignatureChecks {
    /** Checks the signatures of one key (ECDSA with SHA-256). */
    interface Check {
        /** Returns whether the key signed the text; a malformed signature is of no key. */
        boolean isSigned(byte[] text, byte[] signature);
    }

    /** Returns the check for the key of a certificate; a key of another kind signed nothing. */
    Check of(X509Certificate certificate);
}
