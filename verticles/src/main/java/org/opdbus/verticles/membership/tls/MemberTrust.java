// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * Applies the trust decision to TLS, for either end. Names in certificates are hosts of the cluster, not names of the
 * network, so they are not compared with addresses: a member may have any address.
 */
public final class MemberTrust extends X509ExtendedTrustManager {
    private final Supplier<Trust> trust;
    private final Refusals refusals;

    public MemberTrust(Supplier<Trust> trust, Refusals refusals) {
        this.trust = trust;
        this.refusals = refusals;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, peer(socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, peer(socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, peer(engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, peer(engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, "");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, "");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.get().authorities().toArray(X509Certificate[]::new);
    }

    private void check(X509Certificate[] chain, String peer) throws CertificateException {
        try {
            trust.get().host(chain);
        } catch (CertificateException refused) {
            refusals.tell(chain.length == 0 ? "" : Identity.hostOf(chain[0]), peer, refused.getMessage());
            throw refused;
        }
    }

    private static String peer(Socket socket) {
        return socket.getInetAddress() == null ? "" : socket.getInetAddress().getHostAddress();
    }

    private static String peer(SSLEngine engine) {
        return engine.getPeerHost() == null ? "" : engine.getPeerHost();
    }
}
