// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.files.RecordJson;
import org.opdbus.verticles.membership.MemberSignatures.Signed;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * What a member shows to the others in addition to its address, so that they know its name from its certificate: that
 * certificate, and a signature by its key that this run of it receives messages at this address. A copied credential
 * only lets its user send messages to the member that they are for.
 */
final class NodeCredential {
    private NodeCredential() {}

    static JsonObject of(Identity identity, String nodeId, ListenAddress bus) {
        return RecordJson.write(MemberSignatures.sign(identity, statement(nodeId, bus)));
    }

    /**
     * Returns the member that shows a credential.
     *
     * @throws CertificateException with the reason, if it is not trusted
     */
    static Member member(@Nullable JsonObject card, String nodeId, ListenAddress bus, Trust trust)
            throws CertificateException {
        if (card == null) {
            throw new CertificateException("it shows no credential");
        }
        try {
            Signed signed = RecordJson.read(Signed.class, card);
            X509Certificate certificate = Pem.certificate(Base64.getDecoder().decode(signed.certificate()));
            String host = trust.host(certificate);
            if (!Identity.isSigned(
                    certificate, statement(nodeId, bus), Base64.getDecoder().decode(signed.signature()))) {
                throw new CertificateException("its credential is not signed by the key of " + host);
            }
            return new Member(
                    host,
                    nodeId,
                    bus.toString(),
                    Pem.fingerprint(certificate),
                    certificate.getNotAfter().toInstant());
        } catch (RuntimeException e) {
            throw new CertificateException("its credential cannot be parsed", e);
        }
    }

    private static byte[] statement(String nodeId, ListenAddress bus) {
        return ("op-dbus member " + nodeId + " at " + bus).getBytes(StandardCharsets.UTF_8);
    }
}
