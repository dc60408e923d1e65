// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.trust.Certificates.Signer;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.TrustBundle.Issued;

/**
 * The cluster's CA, on the one host that holds it: it admits hosts, revokes certificates, and publishes both in the
 * trust bundle.
 *
 * <p>All of its state is in the folder, and every operation holds the folder's lock, so a command and the agent may
 * use it at the same time. Files are written in an order such that after a crash between two of them the next
 * operation completes what was begun.
 */
public final class Authority {
    /** How long a member's certificate is valid. */
    public static final Duration MEMBER_LIFE = Duration.ofDays(365);

    private static final String HOST_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,252}";

    private final ClusterFolder folder;
    private final CertificateIssuer issuer;
    private final Clock clock;
    private final JoinTokens tokens;

    /** Creates the CA of this folder, whether or not it exists yet. */
    public Authority(Path dir, Certificates certificates) {
        this(new ClusterFolder(dir), certificates, Clock.systemUTC());
    }

    public Authority(ClusterFolder folder, Certificates certificates, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        issuer = new CertificateIssuer(folder, certificates, clock);
        tokens = new JoinTokens(folder, clock);
    }

    /** What an admitted host receives. */
    public record Admission(X509Certificate certificate, SignedTrustBundle bundle) {}

    /** Returns whether this host holds the CA. */
    public boolean isHere() {
        return folder.has(ClusterFolder.AUTHORITY);
    }

    /**
     * Founds a cluster: makes its CA and this host's identity. Returns the CA's fingerprint.
     *
     * @throws MembershipException EXISTS if this host is in a cluster already
     */
    public String found(String host, ListenAddress address, ListenAddress door) {
        return folder.locked(() -> {
            if (folder.has(ClusterFolder.IDENTITY)) {
                throw new MembershipException(
                        Reason.EXISTS,
                        "this host is in a cluster already (" + folder.dir()
                                + "); move that folder away to found another");
            }
            // Without an identity, the remains of an earlier attempt are of no use.
            folder.delete(ClusterFolder.OLD_AUTHORITY);
            folder.delete(ClusterFolder.TOKENS);
            folder.delete(ClusterFolder.TRUST_BUNDLE);
            Signer signer = issuer.newSigner();
            folder.keep(ClusterFolder.AUTHORITY, signer);
            issuer.publish(
                    new TrustBundle(0, List.of(signer.certificate()), List.of(), door.toString(), List.of()),
                    List.of());
            issuer.renewOwn(host, address.toString());
            return Pem.fingerprint(signer.certificate());
        });
    }

    /** Issues a token for one host. It is a secret. */
    public Token token(Duration life, ListenAddress door) {
        return locked(() -> {
            String authority = Pem.fingerprint(issuer.signer().certificate());
            return new Token(door, authority, tokens.hand(life));
        });
    }

    /**
     * Admits a host, which uses the secret up.
     *
     * @return empty if the secret is wrong, used or expired; the caller cannot distinguish these
     * @throws MembershipException EXISTS if there is a member of this name; REFUSED if the request is not valid. The
     * secret stays valid.
     */
    public Optional<Admission> admit(String secret, String host, String address, byte[] request) {
        return locked(() -> {
            if (!tokens.isGood(secret)) {
                return Optional.<Admission>empty();
            }
            if (!host.matches(HOST_PATTERN)) {
                throw new MembershipException(Reason.REFUSED, "the name of the host is not a valid host " + "name");
            }
            ListenAddress checked = checked(address);
            for (Issued member : folder.requireTrustBundle().content().members()) {
                if (isNamed(member, host)) {
                    throw new MembershipException(
                            Reason.EXISTS,
                            "there is a member called " + member.host()
                                    + "; if that is this host, run \"op-dbus cluster remove " + member.host()
                                    + "\" on the host that holds the CA first");
                }
            }
            X509Certificate certificate = issuer.sign(request, host);
            if (!tokens.use(secret)) {
                throw new IllegalStateException("a token that was valid under the lock is not");
            }
            return Optional.of(new Admission(certificate, issuer.enter(certificate, checked.toString())));
        });
    }

    /**
     * Gives a member a new certificate. Its newest ones stay valid until they expire; an older one is revoked, see
     * {@link RenewalLimits}.
     *
     * @throws MembershipException REFUSED if the request is not valid, or the member has asked too often
     */
    public Admission renew(String host, String address, byte[] request) {
        return locked(() -> {
            ListenAddress checked = checked(address);
            RenewalLimits.check(host, folder.requireTrustBundle().content().issued(), clock.instant());
            X509Certificate certificate = issuer.sign(request, host);
            return new Admission(certificate, issuer.enter(certificate, checked.toString()));
        });
    }

    /** Makes a key and a certificate for a nats-server at this address. The trust bundle does not list it: it is no member's. */
    public Signer natsServer(String address) {
        return locked(() -> issuer.natsServer(address));
    }

    /** Makes a new key and certificate for this host itself. */
    public void rotate(String host, ListenAddress address) {
        locked(() -> {
            issuer.renewOwn(host, address.toString());
            return host;
        });
    }

    /**
     * Revokes every certificate of a host.
     *
     * @throws MembershipException NO_SUCH_MEMBER; REFUSED if it is this host
     */
    public void remove(String host) {
        locked(() -> {
            if (folder.requireIdentity().host().equalsIgnoreCase(host)) {
                throw new MembershipException(
                        Reason.REFUSED, "this host holds the CA, so it cannot be removed from the cluster");
            }
            TrustBundle bundle = folder.requireTrustBundle().content();
            if (bundle.members().stream().noneMatch(member -> isNamed(member, host))) {
                throw new MembershipException(Reason.NO_SUCH_MEMBER, "there is no member called " + host);
            }
            Instant now = clock.instant();
            List<Issued> issued = bundle.issued().stream()
                    .map(each -> isNamed(each, host) && !each.isRemoved() ? each.removedAt(now) : each)
                    .toList();
            issuer.publish(bundle, issued);
            return host;
        });
    }

    /**
     * Begins to replace the CA: a new one signs from now on, and members trust both. Returns the new one's
     * fingerprint. A second call does nothing more, so an interrupted call can be repeated.
     */
    public String rotateAuthority(String host, ListenAddress address) {
        return locked(() -> {
            Signer old = folder.signer(ClusterFolder.OLD_AUTHORITY).orElseGet(issuer::signer);
            folder.keep(ClusterFolder.OLD_AUTHORITY, old);
            if (issuer.signer().certificate().equals(old.certificate())) {
                folder.keep(ClusterFolder.AUTHORITY, issuer.newSigner());
            }
            TrustBundle bundle = folder.requireTrustBundle().content();
            issuer.publish(bundle, bundle.issued());
            issuer.renewOwn(host, address.toString());
            return Pem.fingerprint(issuer.signer().certificate());
        });
    }

    /**
     * Ends the replacement of the CA: members no longer trust the old one.
     *
     * @param evenIfBehind whether to go on even if some members have no certificate of the new one yet
     * @throws MembershipException NO_AUTHORITY if none is being replaced; EXISTS with the names of the members that
     * are behind
     */
    public void finishAuthority(boolean evenIfBehind) {
        locked(() -> {
            String current = Pem.fingerprint(issuer.signer().certificate());
            if (!folder.has(ClusterFolder.OLD_AUTHORITY)) {
                throw new MembershipException(Reason.NO_AUTHORITY, "the CA is not being replaced");
            }
            TrustBundle bundle = folder.requireTrustBundle().content();
            List<String> behind = bundle.members().stream()
                    .filter(member -> !member.authority().equals(current))
                    .map(Issued::host)
                    .toList();
            if (!behind.isEmpty() && !evenIfBehind) {
                throw new MembershipException(
                        Reason.EXISTS,
                        "these members have no certificate of the new CA yet: " + String.join(", ", behind)
                                + "; run \"op-dbus cluster rotate\" there, or continue without "
                                + "them with --force");
            }
            // In this order: after a crash in between, the files still name both, and the next
            // change names one.
            folder.delete(ClusterFolder.OLD_AUTHORITY);
            issuer.publish(bundle, bundle.issued());
            return current;
        });
    }

    /** Runs an operation exclusively. On a host without the CA it fails, and makes no folder. */
    private <T> T locked(Supplier<T> work) {
        issuer.signer();
        return folder.locked(work);
    }

    /** Names of hosts are compared without case, as in the DNS (RFC 4343): hb and HB are the same host. */
    private static boolean isNamed(Issued issued, String host) {
        return issued.host().equalsIgnoreCase(host);
    }

    private static ListenAddress checked(String address) {
        try {
            return ListenAddress.parse(address);
        } catch (IllegalArgumentException e) {
            throw new MembershipException(Reason.REFUSED, "the address of the host " + e.getMessage(), e);
        }
    }
}
