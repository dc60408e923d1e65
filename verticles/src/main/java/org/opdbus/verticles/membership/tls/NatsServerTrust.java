// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * Applies the trust decision to connections with nats-servers: the cluster's CA signed the server's certificate as one of a server.
 * A member's certificate is refused, so no member can stand between another one and the servers. Addresses are not compared.
 */
public final class NatsServerTrust extends X509ExtendedTrustManager {
    private final Supplier<Trust> trust;

    public NatsServerTrust(Supplier<Trust> trust) {
        this.trust = trust;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust.get().checkNatsServer(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this host is no nats-server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.get().authorities().toArray(X509Certificate[]::new);
    }
}
