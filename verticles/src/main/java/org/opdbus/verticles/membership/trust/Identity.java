// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A host's identity: its key, its certificate, and the CA that signed that.
 *
 * @param key the private half, which never leaves the host
 * @param certificate the host's own
 * @param issuer the CA's
 */
public record Identity(PrivateKey key, X509Certificate certificate, X509Certificate issuer) {
    private static final String SIGNATURE = "SHA256withECDSA";

    /** Returns the name in the certificate. */
    public String host() {
        return hostOf(certificate);
    }

    /** Returns the certificates that the other end gets, the host's own first. */
    public List<X509Certificate> chain() {
        return List.of(certificate, issuer);
    }

    public byte[] sign(byte[] text) {
        return sign(key, text);
    }

    static byte[] sign(PrivateKey key, byte[] text) {
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with a key that was read failed", e);
        }
    }

    /** Returns whether the holder of a certificate's key signed it. */
    public static boolean isSigned(X509Certificate by, byte[] text, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initVerify(by.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns the common name in a certificate; empty if it has none. */
    public static String hostOf(X509Certificate certificate) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return part.getValue().toString();
                }
            }
        } catch (InvalidNameException e) {
            throw new IllegalStateException("cannot parse a distinguished name that the platform " + "wrote", e);
        }
        return "";
    }

    @Override
    public String toString() {
        return "identity of " + host();
    }
}
