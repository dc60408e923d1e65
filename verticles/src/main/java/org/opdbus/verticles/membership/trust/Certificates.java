// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;

/**
 * Makes what the Java platform only reads: certificates, certificate requests, and revocation lists (RFC 5280, RFC
 * 2986).
 */
public interface Certificates {
    /**
     * A name in the certificate of every nats-server, and in no member's. Members do not compare names with addresses, so this
     * tells a server from a member that pretends to be one; servers know each other by it.
     */
    String NATS_SERVER = "nats-server.op-dbus";

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
     * Makes the certificate of a nats-server, for both ends of TLS. It has no common name, so it is no host's: who has it cannot
     * speak in the cluster.
     *
     * @param address where the server listens: an IP address or a name of the network
     */
    X509Certificate natsServer(Signer signer, PublicKey key, String address, Validity validity);

    /**
     * Makes the list of the certificates that a CA has signed and revoked, by serial number, with the time of each.
     */
    X509CRL revocations(Signer signer, BigInteger number, Map<BigInteger, Instant> revoked, Instant now);
}
