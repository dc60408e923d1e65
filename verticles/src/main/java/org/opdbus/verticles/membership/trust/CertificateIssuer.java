// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.membership.trust.Certificates.Signer;
import org.opdbus.verticles.membership.trust.Certificates.Validity;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.TrustBundle.Issued;

/**
 * Signs certificates with the CA's key, and writes every certificate into the trust bundle before its host gets it, so that
 * each can be revoked. The caller holds the folder's lock.
 */
final class CertificateIssuer {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** Clocks of hosts differ; other hosts would refuse a certificate that is not valid yet. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final int NAME_BYTES = 4;

    private final ClusterFolder folder;
    private final Certificates certificates;
    private final Clock clock;

    CertificateIssuer(ClusterFolder folder, Certificates certificates, Clock clock) {
        this.folder = folder;
        this.certificates = certificates;
        this.clock = clock;
    }

    /**
     * Returns the CA that signs new certificates.
     *
     * @throws MembershipException NO_AUTHORITY if it is not on this host
     */
    Signer signer() {
        return folder.signer(ClusterFolder.AUTHORITY)
                .orElseThrow(() -> new MembershipException(
                        Reason.NO_AUTHORITY,
                        "this host does not hold the cluster's CA ("
                                + folder.dir().resolve(ClusterFolder.AUTHORITY)
                                + " does not exist); run this on the host where \"op-dbus cluster "
                                + "init\" was run"));
    }

    /** Makes another CA, whose name no other one has. */
    Signer newSigner() {
        byte[] name = new byte[NAME_BYTES];
        new SecureRandom().nextBytes(name);
        KeyPair keys = Pem.newKeys();
        return new Signer(
                keys.getPrivate(),
                certificates.authority(
                        keys, "op-dbus cluster CA " + HexFormat.of().formatHex(name), validity(AUTHORITY_LIFE)));
    }

    /**
     * Makes a member's certificate, which is not in the trust bundle yet.
     *
     * @throws MembershipException REFUSED if the request is not valid
     */
    X509Certificate sign(byte[] request, String host) {
        return certificates.issue(signer(), request, host, validity(Authority.MEMBER_LIFE));
    }

    /** Makes a key and a certificate for a nats-server. */
    Signer natsServer(String address) {
        KeyPair keys = Pem.newKeys();
        return new Signer(
                keys.getPrivate(),
                certificates.natsServer(signer(), keys.getPublic(), address, validity(Authority.MEMBER_LIFE)));
    }

    /** Makes a new key and certificate for this host itself. */
    void renewOwn(String host, String address) {
        KeyPair keys = Pem.newKeys();
        X509Certificate certificate = sign(certificates.request(keys), host);
        enter(certificate, address);
        folder.keep(new Identity(keys.getPrivate(), certificate, signer().certificate()));
    }

    /** Publishes the trust bundle with one more certificate; returns the bundle. */
    SignedTrustBundle enter(X509Certificate certificate, String address) {
        TrustBundle bundle = folder.requireTrustBundle().content();
        List<Issued> issued = new ArrayList<>(bundle.issued());
        issued.add(new Issued(
                Identity.hostOf(certificate),
                address,
                certificate.getSerialNumber().toString(16),
                Pem.fingerprint(certificate),
                Pem.fingerprint(signer().certificate()),
                certificate.getNotAfter().toInstant(),
                Optional.empty()));
        return publish(bundle, RenewalLimits.withoutOld(Identity.hostOf(certificate), issued, clock.instant()));
    }

    /** Publishes the next trust bundle: the issued certificates, with the CAs in the files, signed by all of them. */
    SignedTrustBundle publish(TrustBundle before, List<Issued> issued) {
        Instant now = clock.instant();
        List<Issued> valid =
                issued.stream().filter(each -> each.expires().isAfter(now)).toList();
        List<Signer> signers = new ArrayList<>();
        folder.signer(ClusterFolder.OLD_AUTHORITY).ifPresent(signers::add);
        Signer current = signer();
        if (signers.stream().noneMatch(old -> old.certificate().equals(current.certificate()))) {
            signers.add(current);
        }
        long version = before.version() + 1;
        List<X509CRL> revocations = signers.stream()
                .map(signer ->
                        certificates.revocations(signer, BigInteger.valueOf(version), revoked(valid, signer), now))
                .toList();
        SignedTrustBundle signed = SignedTrustBundle.sign(
                new TrustBundle(
                        version, signers.stream().map(Signer::certificate).toList(), revocations, before.door(), valid),
                signers);
        folder.keep(signed);
        return signed;
    }

    private static Map<BigInteger, Instant> revoked(List<Issued> issued, Signer signer) {
        String authority = Pem.fingerprint(signer.certificate());
        Map<BigInteger, Instant> serials = new HashMap<>();
        issued.stream()
                .filter(each -> each.authority().equals(authority))
                .forEach(each ->
                        each.removed().ifPresent(time -> serials.put(new BigInteger(each.serial(), 16), time)));
        return serials;
    }

    private Validity validity(Duration life) {
        Instant now = clock.instant();
        return new Validity(now.minus(CLOCK_SKEW), now.plus(life));
    }
}
