// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for servers' doubles, signed by nobody but itself, and made when it is needed first. */
final class TestCertificate {
    private static final String PASSWORD = "changeit";
    private static final Path FOLDER = make();

    private TestCertificate() {}

    /** The certificate as PEM, for those who are to trust it. */
    static Path pem() {
        return FOLDER.resolve("ca.pem");
    }

    /** What a server that has it needs. */
    static SSLContext serverContext() {
        try (InputStream store = Files.newInputStream(FOLDER.resolve("store"))) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(store, PASSWORD.toCharArray());
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path make() {
        try {
            Path folder = Files.createTempDirectory("certificate");
            // Deleted in the opposite order.
            Stream.of(folder, folder.resolve("store"), folder.resolve("ca.pem"))
                    .forEach(path -> path.toFile().deleteOnExit());
            keytool(
                    folder,
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=double",
                    "-validity",
                    "2",
                    "-ext",
                    "san=ip:10.9.0.1,ip:127.0.0.1");
            keytool(
                    folder,
                    "-exportcert",
                    "-rfc",
                    "-file",
                    folder.resolve("ca.pem").toString());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void keytool(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "double", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"));
        command.add(folder.resolve("store").toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
    }
}
