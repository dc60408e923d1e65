// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Trust;

/** Signs as one host of the cluster's CA, and checks the signatures of the others. Safe for use by any thread. */
final class PlayedSigner implements MessageSigner {
    private final Identity identity;
    private final Trust trust;
    private final String certificate;

    PlayedSigner(Identity identity, Trust trust) {
        this.identity = identity;
        this.trust = trust;
        certificate = Base64.getEncoder().encodeToString(Pem.encoded(identity.certificate()));
    }

    @Override
    public Signature sign(byte[] text) {
        return new Signature(certificate, Base64.getEncoder().encodeToString(identity.sign(text)));
    }

    @Override
    public String signer(byte[] text, Signature signature) throws CertificateException {
        X509Certificate by = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(signature.certificate())));
        if (!Identity.isSigned(by, text, Base64.getDecoder().decode(signature.value()))) {
            throw new CertificateException("its key did not sign it");
        }
        return trust.host(by);
    }
}
