// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.opdbus.verticles.membership.tls.MemberTrust;
import org.opdbus.verticles.membership.tls.NatsServerTrust;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * What a session is made for.
 *
 * @param identity of this host
 * @param trust decides which other ends are trusted
 * @param refusals logs those that are not
 * @param seek the addresses where other members may listen
 */
public record SessionSettings(Identity identity, Trust trust, Refusals refusals, List<InetSocketAddress> seek) {
    /**
     * Creates settings.
     *
     * @throws MembershipException REFUSED if this host's own certificate is not trusted
     */
    public SessionSettings {
        seek = List.copyOf(seek);
        try {
            trust.host(identity.certificate());
        } catch (CertificateException e) {
            throw new MembershipException(
                    Reason.REFUSED,
                    "this host's own certificate is not valid: " + e.getMessage()
                            + "; let this host join again with \"op-dbus cluster join --replace\"",
                    e);
        }
    }

    /** Returns what makes connections with other members. */
    public SSLContext tls() {
        return Tls.context(Optional.of(identity), new MemberTrust(() -> trust, refusals));
    }

    /** Returns what makes connections to nats-servers. */
    public SSLContext natsTls() {
        return Tls.context(Optional.of(identity), new NatsServerTrust(() -> trust));
    }
}
