// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.engine;

import java.io.IOException;
import java.security.cert.X509Certificate;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.opdbus.verticles.membership.trust.SignatureChecks;

/**
 * Checks by Bouncy Castle, which takes a sixth of the time that the Java 17 platform takes for the curve P-256; with many
 * hosts, most of the work of a cluster is checking their heads. Loaded by name.
 */
public final class BouncySignatureChecks implements SignatureChecks {
    /** Called by name. */
    public BouncySignatureChecks() {}

    @Override
    public Check of(X509Certificate certificate) {
        try {
            return PublicKeyFactory.createKey(certificate.getPublicKey().getEncoded())
                            instanceof ECPublicKeyParameters key
                    ? (text, signature) -> isSigned(key, text, signature)
                    : (text, signature) -> false;
        } catch (IOException | RuntimeException e) {
            // A member chose its key itself, and gets nothing from one that cannot be used.
            return (text, signature) -> false;
        }
    }

    private static boolean isSigned(ECPublicKeyParameters key, byte[] text, byte[] signature) {
        DSADigestSigner check =
                new DSADigestSigner(new ECDSASigner(), SHA256Digest.newInstance(), StandardDSAEncoding.INSTANCE);
        check.init(false, key);
        check.update(text, 0, text.length);
        return check.verifySignature(signature);
    }
}
