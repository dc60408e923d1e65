// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.opdbus.verticles.membership.trust.Identity;

/** Creates the platform's TLS from an identity and a trust decision. */
public final class Tls {
    /** The only permitted version; it also hides the certificates. */
    public static final String VERSION = "TLSv1.3";

    private Tls() {}

    public static SSLContext context(Optional<Identity> identity, TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            KeyManager[] keys = identity.isPresent() ? keys(identity.get()) : new KeyManager[0];
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS cannot be set up with a key that was read", e);
        }
    }

    private static KeyManager[] keys(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] nothing = new char[0];
        store.setKeyEntry("member", identity.key(), nothing, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, nothing);
        return factory.getKeyManagers();
    }
}
