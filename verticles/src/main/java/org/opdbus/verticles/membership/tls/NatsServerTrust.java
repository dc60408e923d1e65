// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * Applies the trust decision to connections with nats-servers: the cluster's CA signed the server's certificate as one of a server.
 * A member's certificate is refused, so no member can stand between another one and the servers. Addresses are not compared.
 */
public final class NatsServerTrust extends ChainTrust {
    private final Supplier<Trust> trust;

    public NatsServerTrust(Supplier<Trust> trust) {
        this.trust = trust;
    }

    @Override
    protected void checkServer(X509Certificate[] chain, String address) throws CertificateException {
        trust.get().checkNatsServer(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.get().authorities().toArray(X509Certificate[]::new);
    }
}
