// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * Signs texts as this member, and says which member signed a text. A certificate is checked once for each trust
 * decision, and the last {@value #CHECKED_MAX} are held. Safe for use by any thread.
 */
public final class MemberSignatures {
    private static final int CHECKED_MAX = 2_048;

    private final Supplier<Identity> identity;
    private final Supplier<Trust> trust;
    private Trust checkedBy;
    private final Map<ByteBuffer, Checked> checked = new LinkedHashMap<>();

    private record Checked(String host, X509Certificate certificate) {}

    /**
     * A signature and the certificate of its key.
     *
     * @param certificate X.509, DER
     */
    public record Signed(byte[] certificate, byte[] signature) {}

    MemberSignatures(Supplier<Identity> identity, Supplier<Trust> trust) {
        this.identity = identity;
        this.trust = trust;
        checkedBy = trust.get();
    }

    /** Signs with this host's present key. */
    public Signed sign(byte[] text) {
        Identity own = identity.get();
        try {
            return new Signed(own.certificate().getEncoded(), own.sign(text));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    /**
     * Returns the name of the member that signed a text.
     *
     * @throws CertificateException with the reason, if the certificate is not trusted or the signature is not of its
     * key
     */
    public String signer(byte[] text, Signed signed) throws CertificateException {
        Checked by = checked(signed.certificate());
        if (!Identity.isSigned(by.certificate(), text, signed.signature())) {
            throw new CertificateException("the key of " + by.host() + " did not sign it");
        }
        return by.host();
    }

    private synchronized Checked checked(byte[] encoded) throws CertificateException {
        Trust now = trust.get();
        if (now != checkedBy) {
            checked.clear();
            checkedBy = now;
        }
        ByteBuffer name = ByteBuffer.wrap(encoded);
        Checked known = checked.get(name);
        if (known == null) {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            known = new Checked(now.host(certificate), certificate);
            if (checked.size() >= CHECKED_MAX) {
                checked.remove(checked.keySet().iterator().next());
            }
            checked.put(name, known);
        } else {
            known.certificate().checkValidity();
        }
        return known;
    }
}
