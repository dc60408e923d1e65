// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import java.security.cert.CertificateException;

/** Signs the messages of this host as a member, and checks which member signed a message. Safe for use by any thread. */
public interface MessageSigner {
    /**
     * A signature and the certificate of its key.
     *
     * @param certificate X.509, DER in Base64
     * @param value the signature in Base64
     */
    record Signature(String certificate, String value) {}

    /** Signs with this host's present key. */
    Signature sign(byte[] text);

    /**
     * Returns the name of the member that signed a text.
     *
     * @throws CertificateException with the reason, if the certificate is of no member or the signature is not of its
     * key
     */
    String signer(byte[] text, Signature signature) throws CertificateException;
}
