// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;

/** Makes what the Java platform only reads: certificates, requests for them, and revocation lists (RFC 5280, RFC 2986). */
public interface Certificates {
    /** A CA's key with its certificate. */
    record Signer(PrivateKey key, X509Certificate certificate) {
        @Override
        public String toString() {
            return "signer " + certificate.getSubjectX500Principal();
        }
    }

    /** From when until when a certificate holds. */
    record Validity(Instant from, Instant until) {}

    /** A CA's certificate, signed by itself. */
    X509Certificate authority(KeyPair keys, String name, Validity validity);

    /** A request for a certificate on this key, with the proof that its sender has the private half (PKCS #10, DER). */
    byte[] request(KeyPair keys);

    /**
     * A member's certificate, for both ends of TLS, on the key that is requested. Nothing else in the request counts.
     *
     * @throws MembershipException REFUSED if it is no request, or its sender has not shown to have the key
     */
    X509Certificate issue(Signer signer, byte[] request, String host, Validity validity);

    /** The list of what a CA has signed and takes back, by serial number, with the time of each. */
    X509CRL revocations(Signer signer, BigInteger number, Map<BigInteger, Instant> revoked, Instant now);
}
