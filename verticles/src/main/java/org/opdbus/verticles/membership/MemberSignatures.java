// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.SignatureChecks;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * Signs texts as this member, and says which member signed a text. A certificate is checked once for each trust
 * decision, and the last {@value #CHECKED_MAX} are held. Safe for use by any thread.
 */
public final class MemberSignatures {
    private static final int CHECKED_MAX = 2_048;

    private final Supplier<Identity> identity;
    private final Supplier<Trust> trust;
    private final SignatureChecks checks;
    private Trust checkedBy;
    private final Map<String, Checked> checked = new LinkedHashMap<>();

    private record Checked(String host, X509Certificate certificate, SignatureChecks.Check check) {}

    /**
     * A signature and the certificate of its key.
     *
     * @param certificate X.509, DER in Base64
     * @param signature in Base64
     */
    public record Signed(String certificate, String signature) {}

    MemberSignatures(Supplier<Identity> identity, Supplier<Trust> trust, SignatureChecks checks) {
        this.identity = identity;
        this.trust = trust;
        this.checks = checks;
        checkedBy = trust.get();
    }

    /** Signs with this host's present key. */
    public Signed sign(byte[] text) {
        return sign(identity.get(), text);
    }

    static Signed sign(Identity own, byte[] text) {
        Base64.Encoder base64 = Base64.getEncoder();
        return new Signed(base64.encodeToString(Pem.encoded(own.certificate())), base64.encodeToString(own.sign(text)));
    }

    /**
     * Returns the name of the member that signed a text.
     *
     * @throws CertificateException with the reason, if the certificate is not trusted or the signature is not of its
     * key
     */
    public String signer(byte[] text, Signed signed) throws CertificateException {
        Checked by = checked(signed.certificate());
        if (!by.check().isSigned(text, bytes(signed.signature()))) {
            throw new CertificateException("the key of " + by.host() + " did not sign it");
        }
        return by.host();
    }

    // Each trust decision is an object of its own, and comparing two of them would cost more than checking again.
    @SuppressWarnings("ReferenceEquality")
    private synchronized Checked checked(String name) throws CertificateException {
        Trust now = trust.get();
        if (now != checkedBy) {
            checked.clear();
            checkedBy = now;
        }
        Checked known = checked.get(name);
        if (known == null) {
            X509Certificate certificate = Pem.certificate(bytes(name));
            known = new Checked(now.host(certificate), certificate, checks.of(certificate));
            if (checked.size() >= CHECKED_MAX) {
                checked.remove(checked.keySet().iterator().next());
            }
            checked.put(name, known);
        } else {
            known.certificate().checkValidity();
        }
        return known;
    }

    private static byte[] bytes(String base64) throws CertificateException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new CertificateException("it is not Base64", e);
        }
    }
}
