// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A certificate that signs itself, and its key, as openssl writes them. */
public record PemFiles(Path certificate, Path key) {
    /** Makes {@code NAME.crt} and {@code NAME.key} for localhost in a folder. */
    public static PemFiles make(Path folder, String name, String... algorithm) throws IOException {
        PemFiles made = new PemFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        List<String> words = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey"));
        words.addAll(List.of(algorithm));
        words.addAll(List.of("-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"));
        words.addAll(List.of("-out", made.certificate.toString(), "-keyout", made.key.toString()));
        run(words.toArray(String[]::new));
        Files.setPosixFilePermissions(made.key, PosixFilePermissions.fromString("rw-------"));
        return made;
    }

    /** With a key on a curve of NIST, which is quick. */
    public static PemFiles make(Path folder, String name) throws IOException {
        return make(folder, name, "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
    }

    /** Runs a program that must succeed. */
    static void run(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", words) + ": " + said + " (apt-get install openssl)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
