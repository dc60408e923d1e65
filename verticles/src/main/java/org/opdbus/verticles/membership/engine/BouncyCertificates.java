// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.engine;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.IPAddress;
import org.opdbus.verticles.membership.trust.Certificates;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.Pem;

/** X.509 by Bouncy Castle; keys and signatures are the Java platform's own. Loaded by name. */
public final class BouncyCertificates implements Certificates {
    private static final String SIGNATURE = "SHA256withECDSA";
    /** RFC 5280 section 4.1.2.2 allows 20 bytes; 16 random ones do not repeat. */
    private static final int SERIAL_BITS = 127;
    /**
     * A list is replaced at every revocation, so there is no date of the next one; but a platform may require one.
     */
    private static final long NEXT_UPDATE_S = 3650L * 24 * 3600;

    private static final X500Principal NOBODY = new X500Principal("");

    private final SecureRandom random = new SecureRandom();

    /** Called by name. */
    public BouncyCertificates() {}

    @Override
    public X509Certificate authority(KeyPair keys, String name, Validity validity) {
        return attempt("make a CA certificate", () -> {
            X500Name self = commonName(name);
            X509v3CertificateBuilder builder = builder(self, self, keys.getPublic(), validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return certificate(builder, keys.getPrivate());
        });
    }

    @Override
    public byte[] request(KeyPair keys) {
        return attempt(
                "make a certificate request",
                () -> new JcaPKCS10CertificationRequestBuilder(NOBODY, keys.getPublic())
                        .build(signer(keys.getPrivate()))
                        .getEncoded());
    }

    @Override
    public X509Certificate issue(Signer signer, byte[] request, String host, Validity validity) {
        PublicKey key = requestedKey(request);
        return attempt(
                "make a certificate for " + host,
                () -> certificate(forBothEnds(signer, commonName(host), key, validity), signer.key()));
    }

    @Override
    public X509Certificate natsServer(Signer signer, PublicKey key, String address, Validity validity) {
        return attempt("make a certificate for the nats-server at " + address, () -> {
            X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.O, "op-dbus")
                    .addRDN(BCStyle.OU, "nats-server")
                    .build();
            int kind = IPAddress.isValid(address) ? GeneralName.iPAddress : GeneralName.dNSName;
            GeneralNames names = new GeneralNames(
                    new GeneralName[] {new GeneralName(GeneralName.dNSName, NATS_SERVER), new GeneralName(kind, address)
                    });
            return certificate(
                    forBothEnds(signer, subject, key, validity)
                            .addExtension(Extension.subjectAlternativeName, false, names),
                    signer.key());
        });
    }

    @Override
    public X509CRL revocations(Signer signer, BigInteger number, Map<BigInteger, Instant> revoked, Instant now) {
        return attempt("make a revocation list", () -> {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(name(signer), Date.from(now));
            builder.setNextUpdate(Date.from(now.plusSeconds(NEXT_UPDATE_S)));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            new TreeMap<>(revoked)
                    .forEach((serial, time) -> builder.addCRLEntry(serial, Date.from(time), CRLReason.unspecified));
            return Pem.revocations(builder.build(signer(signer.key())).getEncoded());
        });
    }

    private static PublicKey requestedKey(byte[] request) {
        try {
            PKCS10CertificationRequest parsed = new PKCS10CertificationRequest(request);
            PublicKey key = KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(
                            parsed.getSubjectPublicKeyInfo().getEncoded()));
            if (parsed.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                return key;
            }
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            throw new MembershipException(Reason.REFUSED, "the certificate request cannot be read", e);
        }
        throw new MembershipException(
                Reason.REFUSED, "the certificate request is not signed by its own key", new IOException());
    }

    private X509v3CertificateBuilder forBothEnds(Signer signer, X500Name subject, PublicKey key, Validity validity)
            throws IOException, GeneralSecurityException {
        return builder(name(signer), subject, key, validity)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                    KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
                }))
                .addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(signer.certificate()));
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Validity validity) {
        BigInteger serial = new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(validity.from()), Date.from(validity.until()), subject, key);
    }

    private static X500Name name(Signer signer) {
        return X500Name.getInstance(
                signer.certificate().getSubjectX500Principal().getEncoded());
    }

    private static X500Name commonName(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder(SIGNATURE).build(key);
    }

    private static X509Certificate certificate(X509v3CertificateBuilder builder, PrivateKey key)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        return Pem.certificate(builder.build(signer(key)).getEncoded());
    }

    private interface Making<T> {
        T make() throws IOException, GeneralSecurityException, OperatorCreationException;
    }

    private static <T> T attempt(String what, Making<T> making) {
        try {
            return making.make();
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("could not " + what + " with this host's own key", e);
        }
    }
}
