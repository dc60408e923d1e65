// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.tls.ChainTrust;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;
import org.opdbus.verticles.membership.trust.Token;
import org.opdbus.verticles.membership.trust.Trust;

/** Makes this host a member of a cluster, with a token. The private key is made on this host and stays here. */
public final class Joining {
    private Joining() {}

    /**
     * Joins: asks the join server, checks that it belongs to the token's CA before it sends the secret, and stores
     * the answer.
     *
     * @param door the address to ask, if it is not the one in the token
     * @param replace whether to replace an identity that this host has
     * @throws MembershipException EXISTS if there is an identity already; UNREACHABLE; REFUSED
     */
    public static void join(
            MembershipOptions options,
            Libraries libraries,
            Token token,
            Optional<ListenAddress> door,
            boolean replace) {
        ClusterFolder folder = new ClusterFolder(options.dir());
        if (folder.has(ClusterFolder.AUTHORITY)) {
            throw new MembershipException(
                    Reason.EXISTS,
                    "this host holds the CA of a cluster; move " + options.dir() + " away to join another");
        }
        if (folder.has(ClusterFolder.IDENTITY) && !replace) {
            throw new MembershipException(
                    Reason.EXISTS,
                    "this host is in a cluster already (" + options.dir()
                            + "); \"op-dbus cluster rotate\" renews its certificate, --replace "
                            + "replaces its identity");
        }
        KeyPair keys = Pem.newKeys();
        Pinned pinned = new Pinned(token.authority());
        SSLContext tls = Tls.context(Optional.empty(), pinned);
        JoinCall.Answer answer = new JoinCall(door.orElse(token.door()), tls)
                .ask(new JsonObject()
                        .put("op", "join")
                        .put("secret", token.secret())
                        .put("host", options.host())
                        .put("address", options.listen().toString())
                        .put("request", text(libraries.certificates().request(keys))));
        keep(folder, options.host(), keys, answer, List.of(pinned.authority()));
    }

    static String text(byte[] request) {
        return Base64.getEncoder().encodeToString(request);
    }

    /** Checks the answer of the join server against the CAs that this host trusts, and stores it. */
    static void keep(
            ClusterFolder folder,
            String host,
            KeyPair keys,
            JoinCall.Answer answer,
            List<X509Certificate> authorities) {
        SignedTrustBundle bundle = SignedTrustBundle.verified(answer.bundle(), authorities);
        Trust trust = bundle.content().trust();
        try {
            if (!answer.certificate().getPublicKey().equals(keys.getPublic())
                    || !trust.host(answer.certificate()).equals(host)) {
                throw new MembershipException(
                        Reason.REFUSED, "the certificate from the join server is not for this " + "host");
            }
        } catch (CertificateException e) {
            throw new MembershipException(
                    Reason.REFUSED, "the certificate from the join server is not valid: " + e.getMessage(), e);
        }
        X509Certificate issuer = trust.authorities().stream()
                .filter(each -> each.getSubjectX500Principal()
                        .equals(answer.certificate().getIssuerX500Principal()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a valid certificate has an issuer"));
        folder.locked(() -> {
            folder.keep(bundle);
            folder.keep(new Identity(keys.getPrivate(), answer.certificate(), issuer));
            return host;
        });
    }

    /** Trusts a server that shows the CA of the token, and a certificate that this CA signed. */
    private static final class Pinned extends ChainTrust {
        private final String fingerprint;
        private volatile Optional<X509Certificate> found = Optional.empty();

        Pinned(String fingerprint) {
            this.fingerprint = fingerprint;
        }

        X509Certificate authority() {
            return found.orElseThrow(() -> new IllegalStateException("the server did not show the CA"));
        }

        @Override
        protected void checkServer(X509Certificate[] chain, String address) throws CertificateException {
            for (X509Certificate each : chain) {
                if (Pem.fingerprint(each).equals(fingerprint)) {
                    new Trust(List.of(each), List.of()).host(chain);
                    found = Optional.of(each);
                    return;
                }
            }
            throw new CertificateException("this is not the join server of the token's cluster");
        }
    }
}
