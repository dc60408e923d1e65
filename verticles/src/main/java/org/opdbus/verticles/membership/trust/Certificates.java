// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;

/**
 * Makes what the Java platform only reads: certificates, certificate requests, and revocation lists (RFC 5280, RFC
 * 2986).
 */
public interface Certificates {
    /** A CA's key with its certificate. */
    record Signer(PrivateKey key, X509Certificate certificate) {
        @Override
        public String toString() {
            return "signer " + certificate.getSubjectX500Principal();
        }
    }

    /** The validity of a certificate. */
    record Validity(Instant from, Instant until) {}

    /** A CA's certificate, signed by itself. */
    X509Certificate authority(KeyPair keys, String name, Validity validity);

    /**
     * Makes a certificate request for this key, with the proof that its sender has the private half (PKCS #10, DER).
     */
    byte[] request(KeyPair keys);

    /**
     * Makes a member's certificate, for both ends of TLS, for the requested key. Everything else in the request is
     * ignored.
     *
     * @throws MembershipException REFUSED if it is not a request, or its sender has not proved to have the key
     */
    X509Certificate issue(Signer signer, byte[] request, String host, Validity validity);

    /**
     * Makes the list of the certificates that a CA has signed and revoked, by serial number, with the time of each.
     */
    X509CRL revocations(Signer signer, BigInteger number, Map<BigInteger, Instant> revoked, Instant now);
}
