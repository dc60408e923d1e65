// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.tls.MemberTrust;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.TrustBundle;

/** Gives this host a new key and certificate; the present ones authenticate the request. */
public final class Renewal {
    /** A third of its life: enough time to notice a failure and to repair it. */
    private static final Duration EARLY = Authority.MEMBER_LIFE.dividedBy(3);

    private Renewal() {}

    /**
     * Renews now: at the CA if this host holds it, otherwise at its join server.
     *
     * @throws MembershipException NO_IDENTITY; UNREACHABLE; REFUSED
     */
    public static void renew(MembershipOptions options, Libraries libraries) {
        ClusterFolder folder = new ClusterFolder(options.dir());
        renew(
                options,
                libraries,
                folder,
                folder.requireIdentity(),
                folder.requireTrustBundle().content());
    }

    /** Returns whether it is time: the certificate is old, or its CA is being replaced. */
    static boolean isDue(Identity identity, TrustBundle bundle) {
        Instant expires = identity.certificate().getNotAfter().toInstant();
        return !identity.issuer().equals(bundle.authority())
                || expires.minus(EARLY).isBefore(Instant.now());
    }

    static void renew(
            MembershipOptions options,
            Libraries libraries,
            ClusterFolder folder,
            Identity identity,
            TrustBundle bundle) {
        Authority authority = new Authority(options.dir(), libraries.certificates());
        if (authority.isHere()) {
            authority.rotate(identity.host(), options.listen());
            return;
        }
        KeyPair keys = Pem.newKeys();
        MemberTrust trust = new MemberTrust(bundle::trust, new Refusals(System::nanoTime));
        SSLContext tls = Tls.context(Optional.of(identity), trust);
        JoinCall.Answer answer = new JoinCall(ListenAddress.parse(bundle.door()), tls)
                .ask(new JsonObject()
                        .put("op", "renew")
                        .put("address", options.listen().toString())
                        .put("request", Joining.text(libraries.certificates().request(keys))));
        Joining.keep(folder, identity.host(), keys, answer, bundle.authorities());
    }
}
