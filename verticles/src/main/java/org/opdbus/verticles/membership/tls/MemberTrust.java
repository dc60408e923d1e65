// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Trust;

/** Applies the trust decision to TLS, for either end, and notes whom it refuses. */
public final class MemberTrust extends ChainTrust {
    private final Supplier<Trust> trust;
    private final Refusals refusals;

    public MemberTrust(Supplier<Trust> trust, Refusals refusals) {
        this.trust = trust;
        this.refusals = refusals;
    }

    @Override
    protected void checkServer(X509Certificate[] chain, String address) throws CertificateException {
        try {
            trust.get().host(chain);
        } catch (CertificateException refused) {
            refusals.tell(chain.length == 0 ? "" : Identity.hostOf(chain[0]), address, refused.getMessage());
            throw refused;
        }
    }

    /** Members are both, servers and clients. */
    @Override
    protected void checkClient(X509Certificate[] chain, String address) throws CertificateException {
        checkServer(chain, address);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.get().authorities().toArray(X509Certificate[]::new);
    }
}
