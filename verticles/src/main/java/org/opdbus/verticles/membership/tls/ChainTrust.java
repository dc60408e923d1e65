// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One decision about the certificates of the other end, whatever makes the connection. Names in certificates are hosts
 * of the cluster, not names of the network, so they are not compared with addresses: a member may have any address.
 */
public abstract class ChainTrust extends X509ExtendedTrustManager {
    /**
     * Accepts the certificates of a server, or throws with the reason why not.
     *
     * @param chain the certificates, the other end's own first
     * @param address of the other end; empty if it is not known
     */
    protected abstract void checkServer(X509Certificate[] chain, String address) throws CertificateException;

    /** The same for the certificates of a client; accepts none. */
    protected void checkClient(X509Certificate[] chain, String address) throws CertificateException {
        throw new CertificateException("this end accepts no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClient(chain, address(socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServer(chain, address(socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClient(chain, address(engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServer(chain, address(engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        checkClient(chain, "");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        checkServer(chain, "");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static String address(Socket socket) {
        return socket.getInetAddress() == null ? "" : socket.getInetAddress().getHostAddress();
    }

    private static String address(SSLEngine engine) {
        return engine.getPeerHost() == null ? "" : engine.getPeerHost();
    }
}
