// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The single trust decision: accepts a certificate of one of these CAs that is in date and not on that CA's
 * revocation list. Immutable, and safe for use by any thread.
 *
 * @param authorities the CAs; more than one while a CA is being replaced
 * @param revocations the revocation list of each
 */
public record Trust(List<X509Certificate> authorities, List<X509CRL> revocations) {
    /** The kind of a name in {@link X509Certificate#getSubjectAlternativeNames}. */
    private static final int DNS_NAME = 2;

    public Trust {
        authorities = List.copyOf(authorities);
        revocations = List.copyOf(revocations);
    }

    /**
     * Returns the host of a chain, whose first certificate is the host's own.
     *
     * @throws CertificateException with the reason, if it is not trusted
     */
    public String host(X509Certificate... chain) throws CertificateException {
        X509Certificate own = own(chain);
        String host = Identity.hostOf(own);
        if (host.isEmpty() || own.getBasicConstraints() >= 0) {
            throw new CertificateException("it is not a certificate of a host");
        }
        check(own);
        return host;
    }

    /**
     * Checks the chain of a nats-server, whose first certificate is the server's own.
     *
     * @throws CertificateException with the reason, if it is not trusted or is not a nats-server's
     */
    public void checkNatsServer(X509Certificate... chain) throws CertificateException {
        X509Certificate own = own(chain);
        Collection<List<?>> names = own.getSubjectAlternativeNames();
        if (names == null || !names.contains(List.of(DNS_NAME, Certificates.NATS_SERVER))) {
            throw new CertificateException("it is not a certificate of a nats-server");
        }
        check(own);
    }

    private static X509Certificate own(X509Certificate... chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("no certificate was shown");
        }
        return chain[0];
    }

    private void check(X509Certificate own) throws CertificateException {
        X509Certificate issuer = issuer(own);
        checkDates("its CA's certificate", issuer);
        checkDates("it", own);
        validate(own);
        for (X509CRL list : revocations) {
            // Serial numbers are unique only per issuer.
            if (list.getIssuerX500Principal().equals(own.getIssuerX500Principal()) && list.isRevoked(own)) {
                throw new CertificateException("it was removed from the cluster");
            }
        }
    }

    /** Returns whether this decision trusts a host that the other one does not, or the other way round. */
    public boolean isChangedFrom(Trust before) {
        return !authorities.equals(before.authorities) || !before.serials().containsAll(serials());
    }

    private Set<String> serials() {
        Set<String> serials = new HashSet<>();
        for (X509CRL list : revocations) {
            Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
            if (entries != null) {
                entries.forEach(entry -> serials.add(list.getIssuerX500Principal() + " " + entry.getSerialNumber()));
            }
        }
        return serials;
    }

    /** Returns the CA that signed a certificate. Every CA has a name of its own, so there is at most one. */
    private X509Certificate issuer(X509Certificate own) throws CertificateException {
        for (X509Certificate authority : authorities) {
            if (authority.getSubjectX500Principal().equals(own.getIssuerX500Principal())) {
                return authority;
            }
        }
        throw new CertificateException("it is of another cluster");
    }

    private static void checkDates(String what, X509Certificate certificate) throws CertificateException {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException e) {
            throw new CertificateException(
                    what + " expired at " + certificate.getNotAfter().toInstant(), e);
        } catch (CertificateNotYetValidException e) {
            throw new CertificateException(
                    what + " is not valid before " + certificate.getNotBefore().toInstant()
                            + "; do the clocks of the hosts agree?",
                    e);
        }
    }

    private void validate(X509Certificate own) throws CertificateException {
        Set<TrustAnchor> anchors = new HashSet<>();
        authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            // The revocation was checked above, in lists that are stored here and need no network.
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(own)), parameters);
        } catch (CertPathValidatorException e) {
            throw new CertificateException("it is of another cluster or forged: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("it cannot be checked: " + e.getMessage(), e);
        }
    }
}
