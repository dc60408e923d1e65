// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;

/**
 * A roster with the signature of a CA over its bytes, as it lies in a file and travels between members.
 *
 * @param roster what it says
 * @param text all of it
 */
public record SignedTrustBundle(TrustBundle roster, String text) {
    /** More than any cluster's: some hundred bytes a certificate. */
    public static final int LENGTH_MAX = 2 * 1024 * 1024;

    /** Signed by each of these CAs, of whom those who are to believe it have to know one already. */
    static SignedTrustBundle sign(TrustBundle roster, List<Certificates.Signer> signers) {
        byte[] bytes = roster.toBytes();
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
        return new SignedTrustBundle(roster, text);
    }

    /**
     * Reads one and checks that one of these CAs signed it.
     *
     * @throws MembershipException DAMAGED if it cannot be read, or is not signed by any of them
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
            throw new MembershipException(Reason.DAMAGED, "the roster of the cluster cannot be read", e);
        }
        throw new MembershipException(Reason.DAMAGED, "the roster is not signed by the CA of this cluster");
    }

    /**
     * Reads one of this host's own files: it was checked before it was written there.
     *
     * @throws MembershipException DAMAGED if it cannot be read
     */
    static SignedTrustBundle kept(String text) {
        try {
            TrustBundle claimed = TrustBundle.of(Base64.getDecoder().decode(new JsonObject(text).getString("roster")));
            return verified(text, claimed.authorities());
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            throw new MembershipException(Reason.DAMAGED, "the roster of the cluster cannot be read", e);
        }
    }
}
