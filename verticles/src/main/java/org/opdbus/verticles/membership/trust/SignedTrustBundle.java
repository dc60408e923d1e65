// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;

/**
 * A trust bundle with the signature of a CA over its bytes, as stored in a file and sent between members.
 *
 * @param content what is signed
 * @param text the whole text
 */
public record SignedTrustBundle(TrustBundle content, String text) {
    /** More than that of any cluster: some hundred bytes per certificate. */
    public static final int LENGTH_MAX = 2 * 1024 * 1024;

    /** Creates a bundle signed by each of these CAs; a receiver must know one of them already. */
    static SignedTrustBundle sign(TrustBundle bundle, List<Certificates.Signer> signers) {
        byte[] bytes = bundle.toBytes();
        JsonObject signatures = new JsonObject();
        for (Certificates.Signer signer : signers) {
            signatures.put(
                    Pem.fingerprint(signer.certificate()),
                    Base64.getEncoder().encodeToString(Identity.sign(signer.key(), bytes)));
        }
        String text = new JsonObject()
                .put("roster", Base64.getEncoder().encodeToString(bytes))
                .put("signatures", signatures)
                .encode();
        return new SignedTrustBundle(bundle, text);
    }

    /**
     * Parses a bundle and checks that one of these CAs signed it.
     *
     * @throws MembershipException DAMAGED if it cannot be parsed, or none of them signed it
     */
    public static SignedTrustBundle verified(String text, Iterable<X509Certificate> authorities) {
        try {
            JsonObject json = new JsonObject(text);
            byte[] bytes = Base64.getDecoder().decode(json.getString("roster"));
            JsonObject signatures = json.getJsonObject("signatures");
            for (X509Certificate authority : authorities) {
                String signature = signatures.getString(Pem.fingerprint(authority), "");
                if (Identity.isSigned(authority, bytes, Base64.getDecoder().decode(signature))) {
                    return new SignedTrustBundle(TrustBundle.of(bytes), text);
                }
            }
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            throw new MembershipException(Reason.DAMAGED, "cannot read the trust bundle of the " + "cluster", e);
        }
        throw new MembershipException(Reason.DAMAGED, "the trust bundle is not signed by the CA " + "of this cluster");
    }

    /**
     * Parses one of this host's own files, which was checked before it was written.
     *
     * @throws MembershipException DAMAGED if it cannot be parsed
     */
    static SignedTrustBundle kept(String text) {
        try {
            TrustBundle claimed = TrustBundle.of(Base64.getDecoder().decode(new JsonObject(text).getString("roster")));
            return verified(text, claimed.authorities());
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            throw new MembershipException(Reason.DAMAGED, "cannot read the trust bundle of the " + "cluster", e);
        }
    }
}
