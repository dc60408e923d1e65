// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates of a CA by openssl(1): those of members have the host's name as their common name and no other name, as in a
 * cluster; those of servers have no common name, so that no member takes a server for a member, and a list of other names.
 */
final class NatsCertificates {
    /** Only certificates of servers have this name, by which servers know each other. */
    static final String SERVERS = "nats-server.op-dbus";

    private static final String PASSWORD = "test";
    private static final int SERIAL_BYTES = 12;

    private final Path folder;
    private final Path authority;

    /** Certificates of a CA whose key and certificate are in one file, as in {@code ca.pem} of a cluster. */
    NatsCertificates(Path folder, Path authority) {
        this.folder = folder;
        this.authority = authority;
    }

    /** Makes a CA of the test's own. */
    static NatsCertificates own(Path folder) {
        Path authority = folder.resolve("ca.pem");
        Path key = folder.resolve("ca.key");
        Path certificate = folder.resolve("ca.crt");
        run(
                folder,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=test-CA -keyout " + key
                        + " -out " + certificate);
        try {
            Files.writeString(authority, Files.readString(key) + Files.readString(certificate));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new NatsCertificates(folder, authority);
    }

    /** The CA's certificate alone. */
    Path authority() {
        Path certificate = folder.resolve("authority.crt");
        if (!Files.exists(certificate)) {
            run(folder, "x509 -in " + authority + " -out " + certificate);
        }
        return certificate;
    }

    /** Makes a server's key and certificate: {@code NAME.key} and {@code NAME.crt}. */
    void server(String name, String address) {
        make(name, "/O=op-dbus/OU=nats-server", "subjectAltName=DNS:" + SERVERS + ",IP:" + address + "\n");
    }

    /** Returns the TLS of a client with a member's certificate. */
    SSLContext member(String host) {
        String name = "member-" + HexFormat.of().formatHex(host.getBytes(StandardCharsets.UTF_8));
        make(name, "/CN=" + host, "");
        Path store = folder.resolve(name + ".p12");
        run(
                folder,
                "pkcs12 -export -inkey " + folder.resolve(name + ".key") + " -in " + folder.resolve(name + ".crt")
                        + " -passout pass:" + PASSWORD + " -out " + store);
        try (InputStream in = Files.newInputStream(store);
                InputStream ca = Files.newInputStream(authority())) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot use a key that openssl has just made", e);
        }
    }

    private void make(String name, String subject, String extensions) {
        Path request = folder.resolve(name + ".csr");
        Path options = folder.resolve(name + ".ext");
        try {
            Files.writeString(options, "extendedKeyUsage=clientAuth,serverAuth\n" + extensions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] serial = new byte[SERIAL_BYTES];
        new SecureRandom().nextBytes(serial);
        run(
                folder,
                "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj " + subject + " -keyout "
                        + folder.resolve(name + ".key") + " -out " + request);
        run(
                folder,
                "x509 -req -in " + request + " -CA " + authority + " -CAkey " + authority + " -days 30 -extfile "
                        + options + " -set_serial 0x00" + HexFormat.of().formatHex(serial) + " -out "
                        + folder.resolve(name + ".crt"));
    }

    private static void run(Path folder, String arguments) {
        Path output = folder.resolve("openssl.out");
        try {
            int exit = new ProcessBuilder(("openssl " + arguments).split(" "))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(output.toFile()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("openssl " + arguments + ": " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run openssl; install the Debian package openssl", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for openssl", e);
        }
    }
}
